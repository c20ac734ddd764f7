//! Listening, with bounds on everything a stranger can send, and ending in good order.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use axum_server::Handle;
use axum_server::accept::NoDelayAcceptor;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use renown_store::book::{Book, BookError};
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::app::App;
use crate::desk::Desk;
use crate::limits::Few;
use crate::router;

/// How a server listens and what it bears.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where it listens.
    pub listen: SocketAddr,
    /// The certificate chain and the key, as PEM files; without them it speaks plain HTTP.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// How many requests a key may make in a second; 0 for as many as it likes.
    pub rate: u32,
    /// How many connections it has at once.
    pub most_connections: usize,
    /// How long an upload may be, in bytes.
    pub most_upload: u64,
    /// Where uploads wait to be read: a folder of the same disk as the store.
    pub uploads: PathBuf,
    /// The sites whose pages may ask, as `https://host`.
    pub origins: Vec<String>,
}

/// How long a client may take over the head of a request.
const HEAD: Duration = Duration::from_secs(10);
/// How long requests may take that are under way when the server is told to end.
const GRACE: Duration = Duration::from_secs(10);

/// Why a server did not start or stopped.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The book cannot be read.
    #[error(transparent)]
    Book(#[from] BookError),
    /// The certificate or its key cannot be used.
    #[error("cannot use the certificate {}: {error}", path.display())]
    Tls {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: std::io::Error,
    },
    /// A site that is to be trusted is none.
    #[error("`{0}` is no site: expected a scheme and a host, as in https://dashboard.example")]
    Origin(String),
    /// It would not learn that it is to end.
    #[error("cannot listen for Ctrl-C: {0}")]
    Signal(std::io::Error),
    /// It cannot listen there.
    #[error("cannot listen on {address}: {error}")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// Why not.
        error: std::io::Error,
    },
}

/// Serves until it is told to end. `started` is told where it listens.
///
/// # Errors
/// [`ServeError`].
pub fn serve(
    book: Arc<Book>,
    desk: Arc<dyn Desk>,
    options: &Options,
    started: impl FnOnce(SocketAddr) + Send,
) -> Result<(), ServeError> {
    let app = Arc::new(App::new(book, desk, options)?);
    let cannot = |error| ServeError::Listen { address: options.listen, error };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(cannot)?;
    std::thread::scope(|scope| {
        scope.spawn(|| keep_up(&app));
        let served = runtime.block_on(listen(app.clone(), options, started));
        app.ended.store(true, Ordering::Relaxed);
        // What handlers left running in threads of their own is not waited for.
        runtime.shutdown_timeout(GRACE);
        served
    })
}

/// Writes look-ups down and takes up what other processes did, again and again until the server ends.
fn keep_up(app: &App) {
    let mut is_told = false;
    let mut begun = Instant::now();
    while !app.ended.load(Ordering::Relaxed) {
        app.looks.pause(begun);
        begun = Instant::now();
        app.looks.write_resting(&app.book, || !app.ended.load(Ordering::Relaxed));
        let looked = app.look_around();
        if let (Err(error), false) = (&looked, is_told) {
            eprintln!("error: {error}");
        }
        is_told = looked.is_err();
    }
    app.looks.write(&app.book);
}

async fn listen(
    app: Arc<App>,
    options: &Options,
    started: impl FnOnce(SocketAddr),
) -> Result<(), ServeError> {
    let cannot = |error| ServeError::Listen { address: options.listen, error };
    let tcp = std::net::TcpListener::bind(options.listen).map_err(cannot)?;
    let address = tcp.local_addr().map_err(cannot)?;
    let handle = Handle::new();
    // Before it says that it listens: whoever ends it then ends it in good order.
    let interrupt = signal(SignalKind::interrupt()).map_err(ServeError::Signal)?;
    let terminate = signal(SignalKind::terminate()).map_err(ServeError::Signal)?;
    tokio::spawn(end_on_signal([interrupt, terminate], handle.clone()));
    let service = router::new(app, &options.origins)?.into_make_service_with_connect_info::<SocketAddr>();
    let mut server =
        axum_server::from_tcp(tcp).map_err(cannot)?.handle(handle).first_request_timeout(HEAD).http1_only();
    server.http_builder().http1().header_read_timeout(HEAD).max_buf_size(64 << 10);
    let most = options.most_connections;
    let tls = match &options.tls {
        Some((chain, key)) => {
            // Fails only where one is installed already, which is as well.
            let _ = rustls::crypto::ring::default_provider().install_default();
            let config = RustlsConfig::from_pem_file(chain, key).await;
            Some(config.map_err(|error| ServeError::Tls { path: chain.clone(), error })?)
        }
        None => None,
    };
    started(address);
    let ended = match tls {
        Some(config) => {
            let acceptor = RustlsAcceptor::new(config).handshake_timeout(HEAD).acceptor(NoDelayAcceptor);
            server.acceptor(Few::new(acceptor, most)).serve(service).await
        }
        None => server.acceptor(Few::new(NoDelayAcceptor, most)).serve(service).await,
    };
    ended.map_err(cannot)
}

async fn end_on_signal([mut interrupt, mut terminate]: [Signal; 2], handle: Handle<SocketAddr>) {
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    handle.graceful_shutdown(Some(GRACE));
}
