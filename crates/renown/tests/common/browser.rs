//! A browser that nobody sees.

use std::io::BufReader;
use std::ops::Range;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::folder::Folder;

/// Chromium with a profile of its own.
pub(crate) struct Browser<'f> {
    folder: &'f Folder,
}

/// What it shows: dots of red, green and blue.
pub(crate) struct Picture {
    pub(crate) width: u32,
    pub(crate) height: u32,
    dots: Vec<[u8; 3]>,
}

impl<'f> Browser<'f> {
    pub(crate) fn new(folder: &'f Folder) -> Self {
        Self { folder }
    }

    /// Keeps a page and returns where.
    pub(crate) fn page(&self, name: &str, html: &str) -> String {
        format!("file://{}", self.folder.file(name, html))
    }

    /// The document that a page has become, once it is loaded.
    pub(crate) fn document(&self, url: &str, is_dark: bool) -> String {
        self.run(&["--dump-dom", "--allow-file-access-from-files"], url, is_dark);
        std::fs::read_to_string(self.folder.path("out")).expect("what it printed")
    }

    /// How a page looks in a window of this size.
    pub(crate) fn picture(&self, url: &str, [width, height]: [u32; 2], is_dark: bool) -> Picture {
        let file = self.folder.path("picture.png");
        let (size, out) = (format!("--window-size={width},{height}"), format!("--screenshot={file}"));
        self.run(&[&size, &out, "--hide-scrollbars", "--force-device-scale-factor=1"], url, is_dark);
        let file = std::fs::File::open(&file).expect("a picture");
        let mut reader = png::Decoder::new(BufReader::new(file)).read_info().expect("a picture");
        let mut bytes = vec![0; reader.output_buffer_size().expect("a size that fits")];
        let info = reader.next_frame(&mut bytes).expect("a whole picture");
        assert_eq!(info.bit_depth, png::BitDepth::Eight);
        let dots = bytes[..info.buffer_size()].chunks(info.color_type.samples());
        let dots = dots.map(|dot| [dot[0], dot[1], dot[2]]).collect();
        Picture { width: info.width, height: info.height, dots }
    }

    fn run(&self, args: &[&str], url: &str, is_dark: bool) {
        let file = |name: &str| std::fs::File::create(self.folder.path(name)).expect("a file");
        let scheme = u8::from(!is_dark);
        let mut browser = Command::new("chromium")
            // A page of our own needs no sandbox, which containers do not allow.
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
            ])
            .arg(format!("--user-data-dir={}", self.folder.path("profile")))
            .arg(format!("--blink-settings=preferredColorScheme={scheme}"))
            .args(args)
            .arg(url)
            .stdin(Stdio::null())
            .stdout(file("out"))
            .stderr(file("err"))
            .spawn()
            .expect("chromium is there: run `sh scripts/setup-tests`");
        let until = Instant::now() + Duration::from_mins(1);
        let end = loop {
            if let Some(end) = browser.try_wait().expect("a child") {
                break end;
            }
            if Instant::now() > until {
                browser.kill().expect("it runs");
            }
            std::thread::sleep(Duration::from_millis(20));
        };
        assert!(end.success(), "{}", std::fs::read_to_string(self.folder.path("err")).expect("a file"));
    }
}

impl Picture {
    /// How many dots in some columns have a colour of which this is so.
    pub(crate) fn count(&self, columns: Range<u32>, is: impl Fn([u8; 3]) -> bool) -> usize {
        let rows = self.dots.chunks(self.width as usize);
        rows.flat_map(|row| &row[columns.start as usize..columns.end as usize])
            .filter(|dot| is(**dot))
            .count()
    }
}
