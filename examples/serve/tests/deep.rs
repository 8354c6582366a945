//! Long attacks on the service. `tests/suites/tools-deep` runs them.
#![cfg(target_os = "linux")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::net::TcpStream;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::thread;
use std::time::Duration;
use support::{Reply, Server, message, to};

/// A request whose answer may never come.
fn ask(address: &str, request: &[u8]) -> Option<Reply> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(support::LIMIT)).ok()?;
    stream.write_all(request).ok()?;
    Reply::read(&mut stream)
}

#[test]
#[ignore = "takes long"]
fn ids_are_given_out_once_however_the_process_ends() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("ids.redb");
    let args = ["--store", store.to_str().unwrap(), "--patience", "5"];
    let (messages, clients) = (Mutex::new(BTreeSet::new()), Mutex::new(BTreeMap::new()));
    for round in 0..12_u64 {
        let mut server = Server::start(&args);
        let stop = AtomicBool::new(false);
        let address = server.address.clone();
        thread::scope(|scope| {
            for worker in 0..8 {
                let (stop, address, messages, clients) = (&stop, &address, &messages, &clients);
                scope.spawn(move || {
                    for i in (0..).take_while(|_| !stop.load(SeqCst)) {
                        let client = format!("{}", (i * 7 + worker) % 50);
                        let Some(reply) = ask(address, &to(&client)) else { continue };
                        let reply = reply.response();
                        assert!(messages.lock().unwrap().insert(reply.id), "{} is given out twice", reply.id);
                        let known = *clients.lock().unwrap().entry(client).or_insert(reply.client_id);
                        assert_eq!(known, reply.client_id, "a client's id has changed");
                    }
                });
            }
            thread::sleep(Duration::from_millis(300 + 97 * round));
            if round % 2 == 0 {
                server.child.kill().unwrap();
            } else {
                server.terminate();
            }
            let status = server.child.wait().unwrap();
            stop.store(true, SeqCst);
            assert_eq!(status.code(), (round % 2 == 1).then_some(0));
        });
    }
    let (messages, clients) = (messages.into_inner().unwrap(), clients.into_inner().unwrap());
    println!("{} messages, {} clients", messages.len(), clients.len());
    assert!(messages.len() > 500);
    assert_eq!(clients.len(), clients.values().collect::<BTreeSet<_>>().len());
}

#[test]
#[ignore = "takes long"]
fn idle_connections_by_the_thousand_are_let_go() {
    let server = Server::start_limited("ulimit -n 4000", &["--connections", "3000", "--patience", "3"]);
    let memory = || {
        let status = std::fs::read_to_string(format!("/proc/{}/status", server.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap()
    };
    let before = memory();
    for _ in 0..3 {
        // More than have a place; those who wait for one keep nobody else from an answer for ever.
        let idle: Vec<_> = (0..3_500).map_while(|_| TcpStream::connect(&server.address).ok()).collect();
        assert!(idle.len() >= 3_000, "{}", idle.len());
        assert_eq!(ask(&server.address, &to("a")).expect("an answer").status, 200);
        assert!(memory() < before + (64 << 10), "{} KiB", memory());
    }
    println!("memory: {before} KiB, then {} KiB", memory());
}

#[test]
#[ignore = "takes long"]
fn a_disk_that_is_full_again_and_again() {
    let folder = tempfile::tempdir().unwrap();
    let mount = |args: &[&str]| Command::new(args[0]).args(&args[1..]).arg(folder.path()).status().unwrap().success();
    assert!(mount(&["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs"]), "only root can make a small disk");
    let (store, filler) = (folder.path().join("ids.redb"), folder.path().join("filler"));
    let server = Server::start(&["--store", store.to_str().unwrap()]);
    let (mut ids, mut unavailable) = (BTreeSet::new(), 0);
    for round in 0..10 {
        let _ = std::fs::write(&filler, vec![0; 4 << 20]);
        for i in 0..500 {
            let reply = server.send(&to(&format!("{}{round}-{i}", "x".repeat(900))));
            match reply.status {
                200 => assert!(ids.insert(reply.response().id)),
                status => assert_eq!((status, unavailable += 1), (503, ())),
            }
        }
        std::fs::remove_file(&filler).unwrap();
        assert!(ids.insert(server.send(&to("a")).response().id), "there is space again");
    }
    println!("{} ids given out, 503 {unavailable} times", ids.len());
    assert!(unavailable > 500);
    drop(server);
    assert!(mount(&["umount"]));
}

#[test]
#[ignore = "takes long"]
fn a_disk_that_fails_at_any_place_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("ids.redb");
    let server = Server::start_limited("trap '' XFSZ", &["--store", store.to_str().unwrap()]);
    let limit = |bytes: &str| {
        let (pid, limit) = (server.child.id().to_string(), format!("--fsize={bytes}:unlimited"));
        assert!(Command::new("prlimit").args(["--pid", &pid, &limit]).status().unwrap().success());
    };
    let (mut ids, mut unavailable) = (BTreeSet::new(), 0);
    for round in 0..300_u64 {
        // Anywhere up to a little over what the file has.
        let size = std::fs::metadata(&store).unwrap().len() * 5 / 4;
        limit(&(round.wrapping_mul(0x9E37_79B9_7F4A_7C15) % size).to_string());
        for i in 0..4 {
            let reply = server.send(&to(&format!("{}{round}-{i}", "x".repeat(900))));
            match reply.status {
                200 => assert!(ids.insert(reply.response().id)),
                status => assert_eq!((status, unavailable += 1), (503, ())),
            }
        }
        limit("unlimited");
        let reply = server.send(&to("a")).response();
        assert!(ids.insert(reply.id) && reply.id >= ids.len() as i64, "there is space again");
    }
    println!("{} ids given out, 503 {unavailable} times", ids.len());
    assert!(unavailable > 100);
}

#[test]
#[ignore = "takes long"]
fn memory_stays_under_every_kind_of_client() {
    let server = Server::start(&["--patience", "1"]);
    let odd: Vec<u8> = (0..=255).cycle().take(3_000).collect();
    let large_head = [b"POST / HTTP/1.1\r\nX: ".as_slice(), &[b'a'; 200_000]].concat();
    let unread = message("", "").repeat(200);
    for round in 0..60 {
        for bytes in [&odd, &large_head, &unread, &to("a")[..50].to_vec()] {
            let mut stream = server.connect();
            let _ = stream.write_all(bytes);
        }
        assert_eq!(server.send(&to("a")).response().id, round + 1);
    }
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.child.id())).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    println!("peak memory: {}", peak.trim());
    let kib: u64 = peak.trim().trim_end_matches(" kB").parse().unwrap();
    assert!(kib < 64 << 10, "{kib} KiB");
}
