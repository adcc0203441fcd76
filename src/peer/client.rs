//! A published log on a web server: `GET PREFIX/checkpoint`, `GET PREFIX/tile/…`.
//!
//! Each request has a limit of time, bytes and redirects, and a few attempts where the fault may pass, so that a
//! server cannot hold a command up. After one failure the server is not asked again.

use std::{
    fmt,
    io::{self, Read},
    sync::{
        Mutex, OnceLock, PoisonError,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    thread,
    time::Duration,
};

use ureq::{
    Agent, Error,
    http::{HeaderMap, StatusCode, Uri},
};

use crate::tlog::{
    published::{Published, Resources},
    resource::CHECKPOINT,
    view::MAX_CHECKPOINT,
};

/// How long one resource may take: sixteen million bytes at most, a hundred thousand as a rule.
const PATIENCE: Duration = Duration::from_secs(30);

/// How often a resource is asked for, if the fault may pass.
const ATTEMPTS: u32 = 3;

/// The pause before the second attempt; it doubles.
const PAUSE: Duration = Duration::from_millis(250);

/// How often a server is asked whether its log has grown, if it says nothing else.
pub const POLITE: Duration = Duration::from_secs(5);

/// A server that wants to be left alone for longer is asked all the same.
const LONGEST_PAUSE: Duration = Duration::from_secs(600);

/// How many requests are under way at once. Small servers let few connections wait and drop the others: there
/// twice as many are four times slower.
const AT_ONCE: usize = 4;

/// Why a text is no address of a published log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadUrl {
    /// Not `http://HOST/…` or `https://HOST/…`
    Form,
    /// A name or password stands in it, which others can see in the list of processes
    Credentials,
    /// Built without TLS
    NoTls,
}

impl fmt::Display for BadUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Form => "not a URL of a published log: http://HOST/PATH or https://HOST/PATH",
            Self::Credentials => "a name or password in a URL can be read by others, and is not taken",
            Self::NoTls => "https:// needs a foil that was built with --features https",
        })
    }
}

impl std::error::Error for BadUrl {}

/// A server that is asked for resources below one URL.
pub struct Client {
    agent: Agent,
    /// Without slash at its end
    prefix: String,
    /// The first failure, after which the server is left alone
    failed: OnceLock<(io::ErrorKind, String)>,
}

/// Whether a text names a server, well or badly.
pub fn is_url(text: &str) -> bool {
    let begins =
        |scheme: &str| text.get(..scheme.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(scheme));
    begins("http://") || begins("https://")
}

/// The log below a URL, to be read.
///
/// # Errors
/// If that is no URL of a log. Nothing has been asked yet.
pub fn open(url: &str) -> Result<Published<Client>, BadUrl> {
    Ok(Published::new(Client::new(url, PATIENCE)?))
}

/// The first bytes of a resource below a URL, as far as there is one and it can be had: what is behind them is not read.
pub fn beginning(url: &str, path: &str, count: usize) -> Option<Vec<u8>> {
    let client = Client::new(url, PATIENCE).ok()?;
    let mut response = client.agent.get(format!("{}/{path}", client.prefix)).call().ok()?;
    let mut bytes = Vec::new();
    let body = response.body_mut().as_reader();
    let read = body.take(count as u64).read_to_end(&mut bytes);
    (response.status() == StatusCode::OK && read.is_ok()).then_some(bytes)
}

/// What a server had when it was asked whether its log has grown.
#[derive(Debug)]
pub struct PolledCheckpoint {
    /// The checkpoint; `None`: the server asks to be left alone for now
    pub checkpoint: Option<Vec<u8>>,
    /// How long to wait before it is asked again
    pub pause: Duration,
}

/// Asks once for the checkpoint below a URL, with one request where all is well.
///
/// # Errors
/// If it cannot be had, or there is none.
pub fn poll(url: &str) -> anyhow::Result<PolledCheckpoint> {
    let client = Client::new(url, PATIENCE)?;
    let shown = || format!("{}/{CHECKPOINT}", client.prefix);
    let mut response = client.agent.get(shown()).call().map_err(|why| Failure::of(why).error(CHECKPOINT))?;
    let status = response.status();
    let pause = pause(response.headers());
    if matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
        return Ok(PolledCheckpoint { checkpoint: None, pause: pause.max(POLITE) });
    }
    anyhow::ensure!(status == StatusCode::OK, "{}: the server answers {}", shown(), status.as_u16());
    let mut bytes = Vec::new();
    response.body_mut().as_reader().take(MAX_CHECKPOINT as u64 + 1).read_to_end(&mut bytes)?;
    Ok(PolledCheckpoint { checkpoint: Some(bytes), pause })
}

/// How long a server wants to be left alone: `Retry-After: 30`, `Cache-Control: max-age=30`, else [`POLITE`].
fn pause(headers: &HeaderMap) -> Duration {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let seconds =
        |text: &str| text.trim().parse().ok().filter(|seconds| *seconds > 0).map(Duration::from_secs);
    let max_age = |control: &str| {
        control.split(',').find_map(|part| part.trim().strip_prefix("max-age=").and_then(seconds))
    };
    let said = text("retry-after").and_then(seconds).or_else(|| text("cache-control").and_then(max_age));
    said.unwrap_or(POLITE).min(LONGEST_PAUSE)
}

impl Client {
    /// A client that waits so long for each resource.
    ///
    /// # Errors
    /// If that is no URL of a log.
    pub fn new(url: &str, patience: Duration) -> Result<Self, BadUrl> {
        let uri: Uri = url.parse().map_err(|_| BadUrl::Form)?;
        let authority = uri.authority().ok_or(BadUrl::Form)?;
        if authority.as_str().contains('@') {
            return Err(BadUrl::Credentials);
        }
        if !is_url(url) || authority.host().is_empty() || url.contains(['?', '#']) {
            return Err(BadUrl::Form);
        }
        if uri.scheme_str() == Some("https") && !cfg!(feature = "https") {
            return Err(BadUrl::NoTls);
        }
        let config = Agent::config_builder()
            .timeout_global(Some(patience))
            .max_redirects(4)
            .http_status_as_error(false)
            .max_idle_connections_per_host(AT_ONCE)
            .user_agent(concat!("foil/", env!("CARGO_PKG_VERSION")));
        let prefix = url.trim_end_matches('/').to_owned();
        Ok(Self { agent: config.build().into(), prefix, failed: OnceLock::new() })
    }

    fn fail(&self, path: &str, why: &Failure) -> io::Error {
        let _ = self.failed.set((why.kind, format!("{path}: {}", why.what)));
        self.failure().unwrap_or_else(|| why.kind.into())
    }

    fn failure(&self) -> Option<io::Error> {
        self.failed.get().map(|(kind, what)| io::Error::new(*kind, what.clone()))
    }

    /// One attempt.
    fn ask(&self, url: &str, limit: usize) -> Result<Option<Vec<u8>>, Failure> {
        let mut response = self.agent.get(url).call().map_err(Failure::of)?;
        match response.status() {
            StatusCode::OK => {}
            StatusCode::NOT_FOUND | StatusCode::GONE => return Ok(None),
            status => return Err(Failure::status(status)),
        }
        let mut bytes = Vec::new();
        let body = response.body_mut().as_reader();
        // What a compressed answer unfolds to is bounded here, too; one byte more shows a flood.
        let read = body.take(limit as u64 + 1).read_to_end(&mut bytes);
        read.map_err(|why| Failure::of(why.into()))?;
        if bytes.len() > limit { Err(Failure::too_long(limit)) } else { Ok(Some(bytes)) }
    }
}

/// Why an attempt failed.
struct Failure {
    kind: io::ErrorKind,
    what: String,
    /// Whether another attempt may go better
    may_pass: bool,
}

impl Failure {
    fn status(status: StatusCode) -> Self {
        let may_pass = matches!(status.as_u16(), 429 | 500 | 502 | 503 | 504);
        Self { kind: io::ErrorKind::Other, what: format!("the server answers {}", status.as_u16()), may_pass }
    }

    /// The answer is longer than the resource can be: such a server would do it again, for every other resource too.
    fn too_long(limit: usize) -> Self {
        let what = format!("longer than {limit} bytes");
        Self { kind: io::ErrorKind::Other, what, may_pass: false }
    }

    fn error(self, path: &str) -> io::Error {
        io::Error::new(self.kind, format!("{path}: {}", self.what))
    }

    fn of(error: Error) -> Self {
        let (kind, what, may_pass) = match error {
            Error::Timeout(_) => (io::ErrorKind::TimedOut, "the server takes too long".to_owned(), false),
            Error::HostNotFound => (io::ErrorKind::NotFound, "no such host".to_owned(), true),
            Error::TooManyRedirects | Error::RedirectFailed => {
                (io::ErrorKind::Other, "redirected too often, or not to a URL".to_owned(), false)
            }
            Error::Io(why) => match why.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) {
                Some(Error::Timeout(_)) => return Self::of(Error::Timeout(ureq::Timeout::Global)),
                _ => (io::ErrorKind::Other, why.to_string(), true),
            },
            // These may quote a stranger's URL.
            Error::BadUri(_) => (io::ErrorKind::Other, "redirected to what is no URL".to_owned(), false),
            other => (io::ErrorKind::Other, other.to_string(), true),
        };
        Self { kind, what, may_pass }
    }
}

impl Resources for Client {
    fn get(&self, path: &str, limit: usize) -> io::Result<Option<Vec<u8>>> {
        let url = format!("{}/{path}", self.prefix);
        let mut pause = PAUSE;
        for attempt in 1.. {
            if let Some(failure) = self.failure() {
                return Err(failure);
            }
            match self.ask(&url, limit) {
                Ok(answer) => return Ok(answer),
                Err(why) if why.may_pass && attempt < ATTEMPTS => {
                    thread::sleep(pause);
                    pause *= 2;
                }
                Err(why) => return Err(self.fail(path, &why)),
            }
        }
        Ok(None)
    }

    fn get_all(&self, asks: &[(String, usize)]) -> Vec<io::Result<Option<Vec<u8>>>> {
        let next = AtomicUsize::new(0);
        let answers: Vec<Mutex<Option<_>>> = asks.iter().map(|_| Mutex::new(None)).collect();
        let work = || {
            while let Some((at, (path, limit))) =
                Some(next.fetch_add(1, Relaxed)).and_then(|at| Some((at, asks.get(at)?)))
            {
                let answer = self.get(path, *limit);
                *answers[at].lock().unwrap_or_else(PoisonError::into_inner) = Some(answer);
            }
        };
        thread::scope(|scope| {
            for _ in 1..AT_ONCE.min(asks.len()) {
                scope.spawn(work);
            }
            work();
        });
        let taken = |slot: Mutex<Option<_>>| slot.into_inner().unwrap_or_else(PoisonError::into_inner);
        answers
            .into_iter()
            .map(|slot| taken(slot).unwrap_or_else(|| Err(io::ErrorKind::Other.into())))
            .collect()
    }

    fn ahead(&self) -> usize {
        2 * AT_ONCE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_urls_of_logs_are_taken() {
        let refusal = |url: &str| Client::new(url, PATIENCE).err();
        for url in ["http://log.example", "http://[::1]:8080/a/b/", "HTTP://log.example/x"] {
            assert_eq!(refusal(url), None, "{url}");
        }
        for url in ["http://u:secret@log.example/", "https://u@log.example/x"] {
            assert_eq!(refusal(url), Some(BadUrl::Credentials), "{url}");
        }
        for url in ["http://", "http:///x", "ftp://log.example", "http://a b/", "http://a/?x", "http://a/#x"]
        {
            assert_eq!(refusal(url), Some(BadUrl::Form), "{url}");
        }
        let tls = if cfg!(feature = "https") { None } else { Some(BadUrl::NoTls) };
        assert_eq!(refusal("https://log.example"), tls);
    }
}
