//! Runs the service, and talks to it.
#![allow(dead_code, reason = "each test file takes what it needs")]

use outgoing_to_device::Response;
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// The documentation's placeholder serves as the token, so its requests can be sent as they are.
pub(crate) const TOKEN: &str = "<integrator_token>";

/// No answer takes longer, unless a test says so.
pub(crate) const LIMIT: Duration = Duration::from_secs(20);

pub(crate) fn documented(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../documented").join(name)).expect("it is there")
}

pub(crate) struct Server {
    pub(crate) child: Child,
    pub(crate) address: String,
    pub(crate) log: Option<JoinHandle<String>>,
}

impl Server {
    pub(crate) fn start(args: &[&str]) -> Server {
        Server::spawn(Command::new(env!("CARGO_BIN_EXE_serve")).args(["--listen", "127.0.0.1:0"]).args(args))
    }

    /// Starts it from a shell, which sets limits first.
    pub(crate) fn start_limited(limits: &str, args: &[&str]) -> Server {
        let mut shell = Command::new("bash");
        let script = format!(r#"{limits}; exec "$0" --listen 127.0.0.1:0 "$@""#);
        Server::spawn(shell.args(["-c", &script, env!("CARGO_BIN_EXE_serve")]).args(args))
    }

    pub(crate) fn spawn(command: &mut Command) -> Server {
        let mut child = command
            .env("OUTGOING_TO_DEVICE_TOKEN", TOKEN)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim_end().strip_prefix("listening on http://").expect("an address");
        let address = address.strip_suffix(outgoing_to_device::PATH).expect("the path").to_owned();
        let mut stderr = child.stderr.take().unwrap();
        let log = thread::spawn(move || {
            let mut log = String::new();
            let _ = stderr.read_to_string(&mut log);
            log
        });
        Server { child, address, log: Some(log) }
    }

    /// One whose standard output and error are of no use, so that it cannot tell its address.
    pub(crate) fn start_untold(stdout: impl Into<Stdio>, stderr: impl Into<Stdio>) -> Server {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        let mut command = Command::new(env!("CARGO_BIN_EXE_serve"));
        command.args(["--listen", &address]).env("OUTGOING_TO_DEVICE_TOKEN", TOKEN);
        let child = command.stdout(stdout).stderr(stderr).spawn().expect("the program starts");
        let server = Server { child, address, log: None };
        let listens = (0..1_000).any(|_| {
            thread::sleep(Duration::from_millis(10));
            TcpStream::connect(&server.address).is_ok()
        });
        assert!(listens, "it does not start");
        server
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).expect("the server takes connections");
        stream.set_read_timeout(Some(LIMIT)).unwrap();
        stream.set_write_timeout(Some(LIMIT)).unwrap();
        stream
    }

    /// Sends bytes on a connection of their own and reads the reply.
    pub(crate) fn send(&self, message: &[u8]) -> Reply {
        let mut stream = self.connect();
        stream.write_all(message).unwrap();
        Reply::read(&mut stream).expect("a reply")
    }

    pub(crate) fn terminate(&self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    }

    /// Ends the server as a service manager does: its exit status and its log.
    pub(crate) fn stop(mut self) -> (Option<i32>, String) {
        self.terminate();
        let status = self.child.wait().unwrap().code();
        (status, self.log.take().map(|log| log.join().unwrap()).unwrap_or_default())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    /// Reads one reply; `None` if the connection ends before its head does.
    pub(crate) fn read(stream: &mut TcpStream) -> Option<Reply> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).ok()?;
            head.push(byte[0]);
        }
        let head = String::from_utf8(head).unwrap();
        let mut lines = head.trim_end().split("\r\n");
        let status = lines.next()?.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?;
        let fields: Vec<(String, String)> = lines
            .map(|line| line.split_once(": ").expect("a field"))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        if status == 100 {
            return Reply::read(stream);
        }
        let length = fields.iter().find(|(name, _)| name == "content-length").map_or(0, |(_, v)| v.parse().unwrap());
        let mut body = vec![0; length];
        stream.read_exact(&mut body).ok()?;
        Some(Reply { status, fields, body })
    }

    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        self.fields.iter().filter(|(field, _)| field == name).map(|(_, value)| value.as_str()).collect()
    }

    pub(crate) fn response(&self) -> Response {
        assert_eq!(self.status, 200, "{self:?}");
        Response::from_json(&self.body).expect("a response")
    }

    pub(crate) fn problem(&self) -> Value {
        assert_eq!(self.all("content-type"), ["application/problem+json"]);
        let problem: Value = serde_json::from_slice(&self.body).unwrap();
        assert_eq!(problem["status"], self.status);
        problem
    }

    /// The status and the codes of a problem.
    pub(crate) fn verdict(&self) -> (u16, Vec<String>) {
        let problem = self.problem();
        let codes = problem["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
        (self.status, codes.iter().map(|error| error["code"].as_str().unwrap().to_owned()).collect())
    }
}

pub(crate) fn message(fields: &str, body: &str) -> Vec<u8> {
    let path = outgoing_to_device::PATH;
    format!("POST {path} HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n{body}").into_bytes()
}

/// The fields that every accepted request has.
pub(crate) fn fields() -> String {
    format!("Authorization: Bearer {TOKEN}\r\nContent-Type: application/json\r\n")
}

pub(crate) fn request(body: &str) -> Vec<u8> {
    message(&format!("{}Content-Length: {}\r\n", fields(), body.len()), body)
}

pub(crate) fn to(address: &str) -> Vec<u8> {
    request(&format!(
        r#"{{"text":"SECRET","clientApplicationDescriptor":{{"channelType":"WEB","deviceAddress":"{address}"}}}}"#
    ))
}
