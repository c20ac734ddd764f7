//! Exports that are sent: each is kept in a file that goes away by itself.

use std::time::{Duration, Instant};

use tempfile::TempPath;
use tokio::io::AsyncWriteExt;

use crate::app::App;
use crate::problem::{Kind, Problem, fault};

/// An upload may always take this long, and longer the more of it came: whoever is slower than that is not waited for.
const AT_LEAST: Duration = Duration::from_mins(1);
const BYTES_A_SECOND: u64 = 16 << 10;

/// An upload on its way.
#[derive(Debug)]
pub(crate) struct Upload {
    file: tokio::fs::File,
    path: TempPath,
    begun: Instant,
    length: u64,
    most: u64,
    /// Why it cannot be kept. It is read to its end all the same: whoever sends it would not hear why otherwise.
    failed: Option<std::io::Error>,
}

impl Upload {
    /// Begins one, in a file whose name ends so.
    pub(crate) async fn begin(app: &App, ending: &str) -> Result<Self, Problem> {
        let (folder, ending) = (app.uploads.clone(), ending.to_owned());
        let made = tokio::task::spawn_blocking(move || {
            tempfile::Builder::new().prefix("upload-").suffix(&ending).tempfile_in(folder)
        });
        let (file, path) = made.await.map_err(|_| fault())?.map_err(cannot)?.into_parts();
        let file = tokio::fs::File::from_std(file);
        Ok(Self { file, path, begun: Instant::now(), length: 0, most: app.most_upload, failed: None })
    }

    /// Takes what came.
    pub(crate) async fn take(&mut self, bytes: &[u8]) -> Result<(), Problem> {
        self.length += bytes.len() as u64;
        if self.length > self.most {
            let why = format!("the upload is longer than {} bytes: send it in parts", self.most);
            return Err(Problem::new(Kind::TooLarge, why));
        }
        if self.begun.elapsed() > AT_LEAST + Duration::from_secs(self.length / BYTES_A_SECOND) {
            return Err(Problem::new(Kind::Slow, "the upload comes too slowly"));
        }
        if self.failed.is_none() {
            self.failed = self.file.write_all(bytes).await.err();
        }
        Ok(())
    }

    /// The file, once all of it came.
    pub(crate) async fn end(mut self) -> Result<TempPath, Problem> {
        if let Some(error) = self.failed {
            return Err(cannot(error));
        }
        self.file.flush().await.map_err(cannot)?;
        if self.length == 0 {
            return Err(Problem::new(Kind::Unprocessable, "the body is empty: expected an export"));
        }
        Ok(self.path)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it maps errors")]
fn cannot(error: std::io::Error) -> Problem {
    eprintln!("error: an upload cannot be kept: {error}");
    Problem::new(Kind::Storage, "the upload cannot be kept: the server's log says why")
}
