use std::net::UdpSocket;
use std::thread;

use clap::Parser;

use super::*;
use crate::cli::args::{Args, Verb};
use crate::cli::pager::Paging;
use crate::net::HostResolver;
use crate::settings::ColorChoice;

/// A name server that knows no name and counts its questions until it gets this.
const END: &[u8] = b"end";

fn counted_questions(flags: &[&str]) -> usize {
    let server = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = server.local_addr().unwrap();
    let counter = thread::spawn(move || {
        let mut packet = [0; 512];
        for count in 0.. {
            let (length, from) = server.recv_from(&mut packet).unwrap();
            if &packet[..length] == END {
                return count;
            }
            // An answer: there is no such name.
            packet[2] |= 0x80;
            packet[3] = packet[3] & 0xf0 | 3;
            server.send_to(&packet[..length], from).unwrap();
        }
        unreachable!("questions do not end");
    });
    let home = tempfile::tempdir().unwrap();
    let config = home.path().join("config.toml");
    std::fs::write(&config, "").unwrap();
    let fixed = [
        "tagscope",
        "--config",
        config.to_str().unwrap(),
        "--data-dir",
        home.path().to_str().unwrap(),
        "lookup",
        "-",
        "--quiet",
    ];
    let parsed = Args::try_parse_from(fixed.iter().chain(flags)).unwrap();
    let Some(Verb::Lookup(args)) = &parsed.verb else {
        unreachable!("a lookup was asked for");
    };
    let mut context = Context::new(parsed.globals.clone()).unwrap();
    context.resolver = HostResolver::with_servers(&[address], false);
    context.settings.offline = false;
    let dataset = context.dataset().unwrap();
    let (specials, week) = (Specials::embedded(), dataset.record());
    let mut console = Console::new(ColorChoice::Never, context.form, Paging::Never);
    let mut job = LookupJob::new(args, &context, &dataset, &specials, &week, &mut console).unwrap();
    job.stream(&b"error\nkubelet\nwww.contoso.com\nStorage\n"[..])
        .unwrap();
    job.finish().unwrap();
    let own = UdpSocket::bind("127.0.0.1:0").unwrap();
    own.send_to(END, address).unwrap();
    counter.join().unwrap()
}

#[test]
fn names_from_a_pipe_ask_nobody_unless_they_may() {
    assert_eq!(counted_questions(&[]), 0);
    assert!(counted_questions(&["--resolve"]) > 0);
}
