//! What a gateway knows, over HTTP: `/health` and `/values` as JSON, `/metrics` for Prometheus. It only answers; nothing can
//! be changed by asking.
//!
//! A client gets so many bytes and seconds, and of clients there are so many at once: one that is slow holds up itself.

use std::{
    convert::Infallible,
    net::{SocketAddr, TcpListener},
    sync::Arc,
    thread::{self, JoinHandle},
    time::Duration,
};

use anyhow::Context;
use http_body_util::Full;
use hyper::{
    Method, Request, Response, StatusCode,
    body::{Bytes, Incoming},
    header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    sync::{Semaphore, oneshot},
    time::{sleep, timeout},
};

use super::{metrics, state::GatewayState};
use crate::json::Object;

/// How many clients may be served at once; more wait.
const CLIENTS: usize = 8;

/// How long a client may take for everything.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long a request may be, without a body, which is not read.
const REQUEST: usize = 8 * 1024;

/// How long to wait where no connection can be taken, as without file descriptors.
const PAUSE: Duration = Duration::from_millis(100);

/// A server that runs as long as this lives.
#[derive(Debug)]
pub(super) struct Listener {
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Listener {
    /// Begins to serve.
    ///
    /// # Errors
    /// If the address cannot be had.
    pub(super) fn start(address: SocketAddr, state: Arc<GatewayState>) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(address).with_context(|| format!("listen on {address}"))?;
        listener.set_nonblocking(true)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (stop, stopped) = oneshot::channel();
        let thread = thread::Builder::new().name("listen".to_owned()).spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    () = serve(listener, state) => {}
                    _ = stopped => {}
                }
            });
        })?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

async fn serve(listener: TcpListener, state: Arc<GatewayState>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    let places = Arc::new(Semaphore::new(CLIENTS));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        let Ok((stream, _)) = listener.accept().await else {
            sleep(PAUSE).await;
            continue;
        };
        let state = Arc::clone(&state);
        tokio::spawn(async move {
            let service = service_fn(|request| {
                let response = answer(&request, &state);
                async { Ok::<_, Infallible>(response) }
            });
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(PATIENCE)
                .max_buf_size(REQUEST)
                .keep_alive(false)
                .serve_connection(TokioIo::new(stream), service);
            // A client that breaks off is its own affair.
            let _ = timeout(PATIENCE, connection).await;
            drop(place);
        });
    }
}

fn answer(request: &Request<Incoming>, state: &GatewayState) -> Response<Full<Bytes>> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return respond(StatusCode::METHOD_NOT_ALLOWED, TEXT, "only GET\n".to_owned());
    }
    // The state is copied, so that no client keeps it locked.
    let health = state.lock().clone();
    match request.uri().path() {
        "/health" if health.is_well() => json(StatusCode::OK, &health.to_object()),
        "/health" => json(StatusCode::SERVICE_UNAVAILABLE, &health.to_object()),
        "/values" => json(StatusCode::OK, &health.values()),
        "/metrics" => respond(StatusCode::OK, "text/plain; version=0.0.4", metrics::text(&health)),
        _ => respond(StatusCode::NOT_FOUND, TEXT, "there are /health, /values and /metrics\n".to_owned()),
    }
}

const TEXT: &str = "text/plain; charset=utf-8";

fn json(status: StatusCode, object: &Object) -> Response<Full<Bytes>> {
    respond(status, "application/json", object.to_canonical() + "\n")
}

fn respond(status: StatusCode, kind: &'static str, body: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
