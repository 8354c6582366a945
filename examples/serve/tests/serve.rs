//! The service over real connections on the loopback interface.
#![cfg(unix)]

mod support;

use outgoing_to_device::Response;
use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};
use support::{LIMIT, Reply, Server, TOKEN, documented, fields, message, request, to};

#[test]
fn the_documented_requests_get_the_documented_response() {
    let server = Server::start(&[]);
    let reply = server.send(&documented("whatsapp.http"));
    let expected = Response::from_json(&documented("success.json")).unwrap();
    assert_eq!(reply.response(), expected);
    assert_eq!(reply.body, expected.to_json());
    let success = String::from_utf8(documented("success.http")).unwrap();
    let (head, _) = success.split_once("\r\n\r\n").unwrap();
    let documented_fields: Vec<(String, String)> = head
        .split("\r\n")
        .skip(1)
        .map(|line| line.split_once(": ").unwrap())
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .filter(|(name, _)| name != "content-length")
        .collect();
    let fields: Vec<_> =
        reply.fields.iter().filter(|(name, _)| !["content-length", "date"].contains(&name.as_str())).cloned().collect();
    assert_eq!(fields, documented_fields, "the three Vary fields and the type, in their order");

    let reply = server.send(&documented("mobile.http")).response();
    assert_eq!((reply.id, reply.thread_id, reply.client_id), (2, 3, 2));
    assert_eq!(reply.client_external_id.as_deref(), Some("012-3456-7890-12"));
}

#[test]
fn connections_are_kept_for_further_requests() {
    let server = Server::start(&[]);
    let mut stream = server.connect();
    for id in 1..=3 {
        stream.write_all(&to("a")).unwrap();
        let reply = Reply::read(&mut stream).unwrap().response();
        assert_eq!((reply.id, reply.client_id), (id, 1));
        stream.write_all(&request("{}")).unwrap();
        assert_eq!(Reply::read(&mut stream).unwrap().status, 400);
    }
}

#[test]
fn ids_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("ids.redb");
    let args = ["--store", store.to_str().unwrap()];
    let server = Server::start(&args);
    assert_eq!(server.send(&to("a")).response().client_id, 1);
    assert_eq!(server.send(&to("b")).response().client_id, 2);
    assert_eq!(server.stop().0, Some(0));

    let mut server = Server::start(&args);
    let reply = server.send(&to("b")).response();
    assert_eq!((reply.id, reply.thread_id, reply.client_id, reply.agent_id), (3, 4, 2, 3));
    // What was given out is on the disk, however the process ends.
    server.child.kill().unwrap();
    server.child.wait().unwrap();
    let server = Server::start(&args);
    let reply = server.send(&to("c")).response();
    assert_eq!((reply.id, reply.client_id), (4, 3));
}

#[test]
fn a_client_is_known_by_identifier_or_else_by_channel_and_address() {
    let server = Server::start(&[]);
    let client = |descriptor: &str| {
        let body = format!(r#"{{"text":"a","clientApplicationDescriptor":{{{descriptor}}}}}"#);
        server.send(&request(&body)).response().client_id
    };
    assert_eq!(client(r#""channelType":"WHATSAPP","deviceAddress":"+7 900 000-00-00""#), 1);
    assert_eq!(client(r#""channelType":"whatsapp","deviceAddress":"79000000000""#), 1, "the same, normalized");
    assert_eq!(client(r#""channelType":"VIBER","deviceAddress":"79000000000""#), 2);
    assert_eq!(client(r#""channelType":"VIBER","clientId":"c","deviceAddress":"79000000000""#), 3);
    assert_eq!(client(r#""channelType":"WEB","clientId":" c ","deviceAddress":"x""#), 3);
}

#[test]
fn concurrent_requests_share_no_id() {
    let server = Server::start(&[]);
    let responses: Vec<Response> = thread::scope(|scope| {
        let workers: Vec<_> = (0..8)
            .map(|worker| {
                let server = &server;
                scope.spawn(move || {
                    let send = |i: i32| server.send(&to(&format!("{}", (worker + i) % 5))).response();
                    (0..25).map(send).collect::<Vec<_>>()
                })
            })
            .collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    let set = |id: fn(&Response) -> i64| responses.iter().map(id).collect::<BTreeSet<i64>>();
    assert_eq!(set(|r| r.id), (1..=200).collect());
    assert_eq!(set(|r| r.thread_id), (2..=201).collect());
    assert_eq!(set(|r| r.client_id), (1..=5).collect());
}

#[test]
fn only_the_token_opens_the_door() {
    let server = Server::start(&[]);
    let body = "{}";
    let json = "Content-Type: application/json\r\nContent-Length: 2\r\n";
    for authorization in [
        "",
        "Authorization: Bearer wrong\r\n",
        "Authorization: Bearer <integrator_token\r\n",
        "Authorization: Basic x\r\n",
    ] {
        let reply = server.send(&message(&format!("{authorization}{json}"), body));
        assert_eq!(reply.verdict(), (401, vec!["unauthorized".to_owned()]), "{authorization}");
        assert_eq!(reply.all("www-authenticate"), ["Bearer"]);
    }
    assert_eq!(server.send(&message(&format!("aUTHORIZATION: bearer {TOKEN}\r\n{json}"), body)).status, 400);
}

#[test]
fn repeated_fields_are_rejected() {
    let server = Server::start(&[]);
    let length = "Content-Length: 2\r\n";
    for (extra, verdict) in [
        ("Authorization: Bearer wrong\r\n", (401, "unauthorized")),
        ("Authorization: Bearer <integrator_token>\r\n", (401, "unauthorized")),
        ("Content-Type: application/json\r\n", (415, "unsupported_media_type")),
    ] {
        let reply = server.send(&message(&format!("{}{extra}{length}", fields()), "{}"));
        assert_eq!(reply.verdict(), (verdict.0, vec![verdict.1.to_owned()]), "{extra}");
    }
    // Framing that can be read in two ways does not get past hyper, or not past the head check.
    for framing in ["Content-Length: 2\r\nContent-Length: 3\r\n", "Content-Length: x\r\n"] {
        assert_eq!(server.send(&message(&format!("{}{framing}", fields()), "{}")).status, 400, "{framing}");
    }
}

#[test]
fn the_head_decides_before_the_body_comes() {
    let server = Server::start(&[]);
    let promised = format!("{}Content-Length: 100\r\n", fields());
    let text = |message: Vec<u8>| String::from_utf8(message).unwrap();
    let head = text(message(&promised, ""));
    for (head, status, allow) in [
        (head.replace("outgoing-to-device HTTP", "outgoing HTTP"), 404, vec![]),
        (head.replace("POST", "PUT"), 405, vec!["POST"]),
        (head.replace("Bearer", "Basic"), 401, vec![]),
        (head.replace("application/json", "text/plain"), 415, vec![]),
        (head.replace("100", "1048577"), 413, vec![]),
    ] {
        let reply = server.send(head.as_bytes());
        assert_eq!(reply.problem()["status"], status, "{head}");
        assert_eq!(reply.all("allow"), allow);
    }
    // A query is no part of the path.
    let body = String::from_utf8(to("a")).unwrap().replace(" HTTP/1.1", "?x=1 HTTP/1.1");
    assert_eq!(server.send(body.as_bytes()).status, 200);
}

#[test]
fn rejected_bodies_come_back_as_problems() {
    let server = Server::start(&[]);
    let reply = server.send(&request("{\"text\": \"SECRET\",\n \"appMaker\": 1}"));
    let problem = reply.problem();
    assert_eq!(problem["type"], "urn:outgoing-to-device:problem:invalid-request");
    let errors = problem["errors"].as_array().unwrap();
    assert_eq!(
        (&errors[0]["code"], &errors[0]["pointer"]),
        (&"missing_field".into(), &"#/clientApplicationDescriptor".into())
    );
    assert_eq!(
        (&errors[1]["code"], &errors[1]["line"], &errors[1]["column"]),
        (&"unknown_field".into(), &2.into(), &2.into())
    );
    assert!(!String::from_utf8(reply.body).unwrap().contains("SECRET"));
    assert_eq!(server.send(&request("")).verdict(), (400, vec!["empty_body".to_owned()]));
}

#[test]
fn a_body_in_chunks_is_read_to_the_limit_and_no_further() {
    let server = Server::start(&[]);
    let head = message(&format!("{}Transfer-Encoding: chunked\r\n", fields()), "");
    let good = r#"{"text":"a","clientApplicationDescriptor":{"channelType":"WEB","deviceAddress":"b"}}"#;
    let mut chunked = head.clone();
    for byte in good.bytes() {
        chunked.extend_from_slice(&[b'1', b'\r', b'\n', byte, b'\r', b'\n']);
    }
    chunked.extend_from_slice(b"0\r\n\r\n");
    assert_eq!(server.send(&chunked).status, 200);

    let mut stream = server.connect();
    stream.write_all(&head).unwrap();
    let chunk = [b"100000\r\n".as_slice(), &vec![b' '; 1 << 20], b"\r\n"].concat();
    let mut sent = 0;
    // The server answers and closes; how much fits into the buffers between is not its choice.
    while sent < 256 && stream.write_all(&chunk).is_ok() {
        sent += 1;
    }
    assert!(sent < 256, "the server reads on and on");
    // A reset may overtake the reply; the next request shows what it says.
    if let Some(reply) = Reply::read(&mut stream) {
        assert_eq!(reply.verdict(), (413, vec!["body_too_large".to_owned()]));
    }
    let mut just_too_large = head;
    just_too_large.extend_from_slice(b"100001\r\n");
    just_too_large.extend_from_slice(&vec![b' '; (1 << 20) + 1]);
    assert_eq!(server.send(&just_too_large).verdict(), (413, vec!["body_too_large".to_owned()]));
}

#[test]
fn slow_clients_hold_nobody_up() {
    let server = Server::start(&["--patience", "2"]);
    let (mut stalled, mut silent, mut slow) = (server.connect(), server.connect(), server.connect());
    let request = to("a");
    stalled.write_all(&request[..request.len() - 5]).unwrap();
    silent.write_all(b"POST / HT").unwrap();
    let started = Instant::now();
    for byte in &request {
        slow.write_all(&[*byte]).unwrap();
        thread::sleep(Duration::from_millis(2));
    }
    assert_eq!(Reply::read(&mut slow).unwrap().status, 200);
    let reply = Reply::read(&mut stalled).expect("an answer to a body that does not come");
    assert_eq!(reply.verdict(), (408, vec![]));
    assert!(Reply::read(&mut silent).is_none_or(|reply| reply.status == 408), "a head that does not come");
    assert!(started.elapsed() < Duration::from_secs(15));
    // A client that goes away in the middle does no harm.
    let mut gone = server.connect();
    gone.write_all(&request[..request.len() - 5]).unwrap();
    gone.shutdown(Shutdown::Both).unwrap();
    assert_eq!(server.send(&request).status, 200);
}

#[test]
fn a_request_that_has_begun_is_answered_before_the_end() {
    let mut server = Server::start(&[]);
    let mut stream = server.connect();
    let request = to("a");
    let (first, rest) = request.split_at(request.len() - 5);
    // The server answers 100 Continue when it reads the body: the request has begun.
    let first = String::from_utf8(first.to_vec()).unwrap();
    stream.write_all(first.replace("\r\nHost", "\r\nExpect: 100-continue\r\nHost").as_bytes()).unwrap();
    let mut go_on = [0; 25];
    stream.read_exact(&mut go_on).unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    server.terminate();
    let closed = (0..200).any(|_| {
        thread::sleep(Duration::from_millis(10));
        TcpStream::connect(&server.address).is_err()
    });
    assert!(closed, "no new connections");
    stream.write_all(rest).unwrap();
    assert_eq!(Reply::read(&mut stream).unwrap().status, 200);
    let started = Instant::now();
    assert_eq!(server.child.wait().unwrap().code(), Some(0));
    assert!(started.elapsed() < Duration::from_secs(10));
}

#[test]
fn the_log_says_what_happened_and_nothing_private() {
    let server = Server::start(&[]);
    server.send(&to("SECRET"));
    server.send(&request(r#"{"text":"SECRET","SECRET":1}"#));
    server.send(&message("Authorization: Bearer SECRET\r\n", ""));
    let (status, log) = server.stop();
    assert_eq!(status, Some(0));
    assert!(!log.contains("SECRET") && !log.contains(TOKEN), "{log}");
    let lines: Vec<&str> = log.lines().collect();
    assert_eq!(lines.len(), 3, "{log}");
    for (line, (status, codes)) in lines.iter().zip([
        ("status=200", None),
        ("status=400", Some("codes=missing_field unknown_field")),
        ("status=401", Some("codes=unauthorized unsupported_media_type")),
    ]) {
        assert!(line.contains(&format!(" INFO request {status} micros=")), "{line}");
        assert_eq!(line.find("codes=").map(|at| &line[at..]), codes);
    }
}

#[test]
fn it_starts_only_with_what_it_needs() {
    let folder = tempfile::tempdir().unwrap();
    let policy = folder.path().join("policy.json");
    std::fs::write(&policy, r#"{"limits": {"body": 1}}"#).unwrap();
    let policy = policy.to_str().unwrap();
    let taken = Server::start(&[]);
    for (args, token, says) in [
        (vec![], None, "OUTGOING_TO_DEVICE_TOKEN must hold"),
        (vec![], Some("two words"), "OUTGOING_TO_DEVICE_TOKEN must hold"),
        (vec!["--policy", policy], Some(TOKEN), "1:21: /limits/body: "),
        (vec!["--policy", "no-such-file"], Some(TOKEN), "no-such-file: "),
        (vec!["--store", "/no/such/folder/ids"], Some(TOKEN), "the store cannot be opened: "),
        (vec!["--listen", &taken.address], Some(TOKEN), "in use"),
        (vec!["--listn", "x"], Some(TOKEN), "--listn"),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_serve"));
        command.args(["--listen", "127.0.0.1:0"]).args(&args).env_remove("OUTGOING_TO_DEVICE_TOKEN");
        command.envs(token.map(|token| ("OUTGOING_TO_DEVICE_TOKEN", token)));
        let output = command.output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}: {stderr}");
        assert!(stderr.starts_with("serve: ") && stderr.contains(says), "{args:?}: {stderr}");
    }
}

#[test]
fn a_policy_of_the_host_is_heeded() {
    let folder = tempfile::tempdir().unwrap();
    let policy = folder.path().join("policy.json");
    std::fs::write(&policy, r#"{"limits": {"body": 1024}, "channels": {"WEB": null, "SMS": {}}}"#).unwrap();
    let server = Server::start(&["--policy", policy.to_str().unwrap()]);
    assert_eq!(server.send(&to("a")).verdict(), (400, vec!["unknown_channel".to_owned()]));
    assert_eq!(server.send(&request(&" ".repeat(1_025))).verdict(), (413, vec!["body_too_large".to_owned()]));
}

#[test]
fn a_log_that_cannot_be_written_loses_no_answer() {
    let full = || OpenOptions::new().write(true).open("/dev/full").unwrap();
    let gone = || std::io::pipe().unwrap().1;
    // The reader of a pipe that stands still: it stays open to the end of the test, and is never read.
    let (_stalled, into_stalled) = std::io::pipe().unwrap();
    let mut filler = into_stalled.try_clone().unwrap();
    let filled = thread::spawn(move || filler.write_all(&[b'x'; 60 << 10]).unwrap());
    filled.join().unwrap();
    for server in [
        Server::start_untold(full(), full()),
        Server::start_untold(gone(), gone()),
        Server::start_untold(Stdio::null(), into_stalled),
    ] {
        // Enough lines to fill a pipe, and with answers of every kind.
        for id in 1..=100 {
            assert_eq!(server.send(&to("a")).response().id, id);
            assert_eq!(server.send(&request("{}")).status, 400);
            assert_eq!(server.send(&message("", "")).status, 401);
        }
        assert_eq!(server.stop().0, Some(0));
    }
}

#[test]
fn a_start_that_fails_says_so_by_its_status_if_by_nothing_else() {
    for args in [&["--listn"][..], &["--listen", "no address"], &["--help"]] {
        let full = || OpenOptions::new().write(true).open("/dev/full").unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_serve"));
        command.args(args).env("OUTGOING_TO_DEVICE_TOKEN", TOKEN).stdout(full()).stderr(full());
        let status = command.status().unwrap().code();
        assert_eq!(status, Some(if args == ["--help"] { 0 } else { 2 }), "{args:?}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn the_store_works_again_when_there_is_space_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("ids.redb");
    // The limit of a file's size stands in for the disk's.
    let server = Server::start_limited("trap '' XFSZ", &["--store", store.to_str().unwrap()]);
    let limit = |bytes: &str| {
        let pid = server.child.id().to_string();
        let limit = format!("--fsize={bytes}:unlimited");
        assert!(Command::new("prlimit").args(["--pid", &pid, &limit]).status().unwrap().success());
    };
    for round in 0..3 {
        let reply = server.send(&to("a")).response();
        assert_eq!((reply.client_id, reply.id > round), (1, true));
        limit("4096");
        for _ in 0..3 {
            let reply = server.send(&to(&format!("new {round}")));
            assert_eq!((reply.status, &reply.problem()["title"]), (503, &"Service Unavailable".into()));
        }
        limit("unlimited");
    }
    let last = server.send(&to("b")).response();
    let (status, log) = server.stop();
    assert_eq!(status, Some(0));
    assert!(log.contains("ERROR the store failed: ") && !log.contains("SECRET"), "{log}");
    // What was given out before stays given out.
    let server = Server::start(&["--store", store.to_str().unwrap()]);
    let next = server.send(&to("b")).response();
    assert_eq!((next.id, next.client_id), (last.id + 1, last.client_id));
}

#[test]
fn a_client_that_has_said_everything_still_gets_its_answer() {
    let server = Server::start(&[]);
    for id in 1..=30 {
        let mut stream = server.connect();
        stream.write_all(&to("a")).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        assert_eq!(Reply::read(&mut stream).expect("an answer").response().id, id);
        // A body that ends too early is none.
        let mut stream = server.connect();
        let request = to("a");
        stream.write_all(&request[..request.len() - 1]).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        if let Some(reply) = Reply::read(&mut stream) {
            assert_eq!(reply.verdict(), (400, vec![]));
        }
    }
}

#[test]
fn a_client_that_does_not_read_is_let_go() {
    let server = Server::start(&["--patience", "1"]);
    let mut stream = server.connect();
    // More answers than the buffers between hold; none of them is read.
    let requests = message("", "").repeat(1_000);
    let let_go = (0..1_000).find_map(|_| stream.write_all(&requests).err()).expect("an end");
    assert!(matches!(let_go.kind(), ErrorKind::ConnectionReset | ErrorKind::BrokenPipe), "{let_go}");
    assert_eq!(server.send(&to("a")).status, 200);
}

#[test]
fn so_many_connections_and_no_more() {
    let server = Server::start(&["--connections", "2", "--patience", "600"]);
    let (first, mut second, mut third) = (server.connect(), server.connect(), server.connect());
    let ask = |stream: &mut TcpStream| {
        stream.write_all(&to("a")).unwrap();
        Reply::read(stream).map(|reply| reply.status)
    };
    assert_eq!(ask(&mut second), Some(200));
    third.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
    assert_eq!(ask(&mut third), None, "it waits");
    third.set_read_timeout(Some(LIMIT)).unwrap();
    drop(first);
    assert_eq!(Reply::read(&mut third).unwrap().status, 200, "until there is a place");
}
