//! A web server that does what a test wants.

use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    thread,
};

/// What the server does with a request.
pub enum Answer {
    /// 200, and this
    Bytes(Vec<u8>),
    /// 200, and this, which may be asked for again in a second
    Fresh(Vec<u8>),
    /// 200, and this, which is compressed
    Gzip(Vec<u8>),
    /// Another status
    Status(u16),
    /// Elsewhere
    Redirect(String),
    /// Whatever this writes; then it hangs up
    Raw(fn(&mut TcpStream) -> std::io::Result<()>),
}

/// A server on loopback, until the tests end.
pub struct Server {
    port: u16,
    asked: Arc<AtomicUsize>,
}

impl Server {
    /// Serves what `answer` says of a path without its leading slash.
    pub fn start(answer: impl Fn(&str) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (port, asked) = (listener.local_addr().unwrap().port(), Arc::new(AtomicUsize::new(0)));
        let (answer, count) = (Arc::new(answer), asked.clone());
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (answer, count) = (answer.clone(), count.clone());
                // The other side may hang up whenever it likes.
                thread::spawn(move || drop(serve(stream.unwrap(), &*answer, &count)));
            }
        });
        Self { port, asked }
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// How many requests came so far.
    pub fn asked(&self) -> usize {
        self.asked.load(Relaxed)
    }
}

fn serve(stream: TcpStream, answer: &dyn Fn(&str) -> Answer, count: &AtomicUsize) -> std::io::Result<()> {
    let mut out = stream.try_clone()?;
    let mut lines = BufReader::new(stream).lines();
    while let Some(request) = lines.next().transpose()? {
        while lines.next().transpose()?.is_some_and(|header| !header.is_empty()) {}
        count.fetch_add(1, Relaxed);
        let path = request.split(' ').nth(1).unwrap_or_default().trim_start_matches('/');
        let (head, body) = match answer(path) {
            Answer::Bytes(bytes) => ("200 OK".to_owned(), bytes),
            Answer::Fresh(bytes) => ("200 OK\r\nCache-Control: public, max-age=1".to_owned(), bytes),
            Answer::Gzip(bytes) => ("200 OK\r\nContent-Encoding: gzip".to_owned(), bytes),
            Answer::Status(status) => (format!("{status} Whatever"), b"<html>no".to_vec()),
            Answer::Redirect(to) => (format!("302 Found\r\nLocation: {to}"), Vec::new()),
            Answer::Raw(write) => return write(&mut out),
        };
        let head = format!("HTTP/1.1 {head}\r\nContent-Length: {}\r\n\r\n", body.len());
        out.write_all(&[head.as_bytes(), &body].concat())?;
    }
    Ok(())
}
