//! Asks a server that runs, so often in a second, and says how long answers took.
//!
//! ```console
//! $ cargo run --release -p renown-server --example load -- 127.0.0.1:7878 KEY 20000 30 paths.txt
//! ```
//!
//! `paths.txt` has a path a line, such as `/api/v1/people/mara-lind`; `{key}` in it becomes the key, as Klout's clients send it. Each
//! request has its moment, and its time counts from then, also when it had to wait for a connection: a server that stands still for a second is
//! told as one that did.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// How many connections ask at once.
const CONNECTIONS: u64 = 64;

fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [address, key, rate, seconds, paths] = args.as_slice() else {
        return Err("expected ADDRESS KEY RATE SECONDS PATHS".into());
    };
    let (rate, seconds): (u64, u64) = (rate.parse()?, seconds.parse()?);
    let requests: Arc<Vec<String>> = Arc::new(
        std::fs::read_to_string(paths)?
            .lines()
            .filter(|path| !path.trim().is_empty())
            .map(|path| {
                let path = path.replace("{key}", key);
                format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {key}\r\n\r\n")
            })
            .collect(),
    );
    if requests.is_empty() || rate == 0 || seconds == 0 {
        return Err(format!("nothing to ask: RATE and SECONDS are one or more, and {paths} holds at least one path, one a line").into());
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let all = rate * seconds;
        let (next, begun) = (Arc::new(AtomicU64::new(0)), Instant::now() + Duration::from_millis(200));
        let asking = (0..CONNECTIONS).map(|_| {
            let (next, requests, address) = (next.clone(), requests.clone(), address.clone());
            tokio::spawn(async move {
                let mut stream = TcpStream::connect(address).await?;
                stream.set_nodelay(true)?;
                let (mut times, mut failed, mut buffer) = (Vec::new(), 0_u64, Vec::new());
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= all {
                        return Ok::<_, std::io::Error>((times, failed));
                    }
                    let moment = begun + Duration::from_nanos(number * 1_000_000_000 / rate);
                    tokio::time::sleep_until(moment.into()).await;
                    // A step that visits all, in no order that a cache likes.
                    let place = number.wrapping_mul(7_368_787) % requests.len() as u64;
                    stream.write_all(requests[place as usize].as_bytes()).await?;
                    failed += u64::from(!answered(&mut stream, &mut buffer).await?);
                    times.push(u32::try_from(moment.elapsed().as_micros()).unwrap_or(u32::MAX));
                }
            })
        });
        let (mut times, mut failed) = (Vec::new(), 0);
        for one in asking.collect::<Vec<_>>() {
            let (its, not) = one.await??;
            times.extend(its);
            failed += not;
        }
        let took = begun.elapsed().as_secs_f64();
        times.sort_unstable();
        let at = |share: f64| f64::from(times[((times.len() - 1) as f64 * share) as usize]) / 1000.0;
        println!(
            "{} answers in {took:.1} s, {:.0} a second; {failed} other than 200; p50 {:.2} ms, p90 {:.2}, p99 {:.2}, p99.9 {:.2}, most {:.2}",
            times.len(),
            times.len() as f64 / took,
            at(0.5),
            at(0.9),
            at(0.99),
            at(0.999),
            at(1.0)
        );
        Ok(())
    })
}

/// Reads one answer; whether it is a 200.
async fn answered(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> std::io::Result<bool> {
    buffer.clear();
    let head = loop {
        if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
        if stream.read_buf(buffer).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    };
    let text = String::from_utf8_lossy(&buffer[..head]).to_ascii_lowercase();
    let length = text.lines().find_map(|line| line.strip_prefix("content-length: "));
    let length: usize = length.and_then(|length| length.trim().parse().ok()).unwrap_or(0);
    let is_ok = text.starts_with("http/1.1 200");
    while buffer.len() < head + length {
        if stream.read_buf(buffer).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(is_ok)
}
