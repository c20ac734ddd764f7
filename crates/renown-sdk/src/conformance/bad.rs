//! Input that nobody hopes for, whatever the format: given to every adapter under the names of its own files.

/// A few bytes each; the long ones are made.
pub(super) fn inputs() -> Vec<Vec<u8>> {
    let short: &[&[u8]] = &[
        b"",
        b"\n",
        b"\0",
        b"\0\0\0\0\0\0\0\0",
        b"\xef\xbb\xbf",
        b"\xff\xfe{\0}\0",
        b" ",
        b"null",
        b"0",
        b"-1e999",
        b"NaN",
        b"\"",
        b"\"\\ud800\"",
        b"[",
        b"]",
        b"{",
        b"}",
        b"{}",
        b"[]",
        b"[{}]",
        b"[null, 1, \"a\", [], {}]",
        b"{\"id\": null}",
        b"{\"\": \"\"}",
        b"{\"id\": 1, \"id\": 2}",
        b"{\"data\": {\"data\": {\"data\": []}}}",
        b"{\"data\": null, \"items\": 5, \"errors\": [{}]}",
        b"window.YTD.tweets.part0 = ",
        b"window.YTD.qzmarkzq.part0 = [{}]",
        b",",
        b",,,\n,,\n,\n",
        b"a,b\n1\n1,2,3\n",
        b"\"a\n",
        b"a\rb\rc\r",
        b"a\tb\n\xff\t\xfe\n",
        b"\x1f\x8b\x08\0",
        b"PK\x03\x04",
        b"PAR1PAR1",
        b"<!DOCTYPE html><html><body>Sign in to continue</body></html>",
        b"<?xml version=\"1.0\"?><rss/>",
        b"\xd9\xd9\xf7\xa0",
        b"\xbf\xbf\xbf\xbf\xff",
        b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
    ];
    let mut all: Vec<Vec<u8>> = short.iter().map(|bytes| bytes.to_vec()).collect();
    all.push(b"[".repeat(100_000));
    all.push(b"{\"a\":".repeat(50_000));
    // Between lines that look whole, one that is as deep as it likes.
    all.push([b"{\"id\": ", &*b"[".repeat(50_000), &*b"]".repeat(50_000), b"}\n{\"id\": 1}\n"].concat());
    all.push(b"\"".repeat(10_001));
    all.push(b"a".repeat(100_000));
    all.push(b"\n".repeat(10_000));
    all.push((0..=255).cycle().take(4_096).collect());
    all
}
