//! The listener: a bound on connections, time limits on each, and a shutdown that lets requests finish.

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use outgoing_to_device::PATH;
use std::io::{self, Write};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tokio_io_timeout::TimeoutStream;

/// The wait after a connection could not be accepted: for lack of files, mostly.
const PAUSE: Duration = Duration::from_millis(100);

/// The most bytes of a connection that wait to be read: more than any head needs.
const BUFFER: usize = 64 << 10;

/// Serves until the process is asked to end; then takes no more connections, and lets requests that
/// have begun finish, for `patience` at most.
pub(crate) async fn serve(listen: &str, router: Router, patience: Duration, connections: usize) -> io::Result<()> {
    let listener = TcpListener::bind(listen).await?;
    // The standard output may be closed: the service does not depend on it.
    let _ = writeln!(io::stdout(), "listening on http://{}{PATH}", listener.local_addr()?);
    let running = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(connections));
    let mut end = pin!(asked_to_end());
    loop {
        let next = async {
            // Connections without a place wait in the kernel's queue, and cost nothing here.
            let place = places.clone().acquire_owned().await.map_err(io::Error::other)?;
            let (stream, _) = listener.accept().await?;
            io::Result::Ok((place, stream))
        };
        let (place, stream) = tokio::select! {
            accepted = next => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!("no connection accepted: {error}");
                    sleep(PAUSE).await;
                    continue;
                }
            },
            result = &mut end => break result?,
        };
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(patience)
            .max_buf_size(BUFFER)
            // A client that has closed its sending half still gets its answer.
            .half_close(true)
            .serve_connection(TokioIo::new(limited(stream, patience)), TowerToHyperService::new(router.clone()));
        let connection = running.watch(connection);
        tokio::spawn(async move {
            // An early end of a connection is the client's affair.
            let _ = connection.await;
            drop(place);
        });
    }
    drop(listener);
    if timeout(patience, running.shutdown()).await.is_err() {
        tracing::warn!("some requests were cut off");
    }
    Ok(())
}

/// The stream, with a time limit on a peer that does not read its answers.
fn limited(stream: TcpStream, patience: Duration) -> std::pin::Pin<Box<TimeoutStream<TcpStream>>> {
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(patience));
    Box::pin(stream)
}

/// Ctrl-C, or the signal of service managers.
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
