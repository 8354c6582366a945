//! The listener: connections with a time limit on heads, and an end that lets requests finish.

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use outgoing_to_device::PATH;
use std::io;
use std::pin::pin;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::time::{sleep, timeout};

/// How long to wait where a connection could not be accepted: for lack of files, mostly.
const PAUSE: Duration = Duration::from_millis(100);

/// Serves until the process is asked to end; then takes no more connections, and lets requests that
/// have begun come to their end, which none of them can put off for longer than `patience`.
pub(crate) async fn serve(listen: &str, router: Router, patience: Duration) -> io::Result<()> {
    let listener = TcpListener::bind(listen).await?;
    println!("listening on http://{}{PATH}", listener.local_addr()?);
    let connections = GracefulShutdown::new();
    let mut end = pin!(asked_to_end());
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    eprintln!("no connection accepted: {error}");
                    sleep(PAUSE).await;
                    continue;
                }
            },
            result = &mut end => break result?,
        };
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(patience)
            .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router.clone()));
        let connection = connections.watch(connection);
        tokio::spawn(async move {
            // What ends a connection early is the client's affair.
            let _ = connection.await;
        });
    }
    drop(listener);
    if timeout(patience, connections.shutdown()).await.is_err() {
        eprintln!("some requests were cut off");
    }
    Ok(())
}

/// Ctrl-C, or what service managers send.
async fn asked_to_end() -> io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
        Ok(())
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}
