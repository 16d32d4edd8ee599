//! A proxy between the program and a plain IMAP server that kills the program (`SIGKILL`) at a
//! chosen command: just before the server gets it, or once the server has carried it out and
//! before the program hears of it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::process::Child;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// When the program dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kill {
    /// Before the server gets this command, counted from 0.
    Before(usize),
    /// After the server has carried it out.
    After(usize),
    /// Not at all.
    Never,
}

pub struct Proxy {
    pub port: u16,
    /// The commands that went through, without their tags.
    pub commands: Arc<Mutex<Vec<String>>>,
    child: Arc<Mutex<Option<Child>>>,
}

impl Proxy {
    /// A proxy to a server on loopback.
    pub fn start(server: u16, kill: Kill) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let commands = Arc::new(Mutex::new(Vec::new()));
        let child = Arc::new(Mutex::new(None));
        let proxy = Proxy {
            port,
            commands: commands.clone(),
            child: child.clone(),
        };
        thread::spawn(move || {
            for client in listener.incoming() {
                let client = client.unwrap();
                let server = TcpStream::connect(("127.0.0.1", server)).unwrap();
                let (from_server, to_client) =
                    (server.try_clone().unwrap(), client.try_clone().unwrap());
                thread::spawn(move || pump(from_server, to_client));
                relay(client, server, kill, &commands, &child);
            }
        });
        proxy
    }

    /// Hands over the program to kill, and waits for its end.
    pub fn watch(&self, child: Child) -> std::process::Output {
        *self.child.lock().unwrap() = Some(child);
        loop {
            if let Some(child) = self.child.lock().unwrap().as_mut()
                && child.try_wait().unwrap().is_some()
            {
                break;
            }
            thread::sleep(Duration::from_millis(5));
        }
        let child = self.child.lock().unwrap().take();
        child.unwrap().wait_with_output().unwrap()
    }
}

fn pump(mut from: TcpStream, mut to: TcpStream) {
    let mut buffer = [0; 8192];
    while let Ok(read) = from.read(&mut buffer) {
        if read == 0 || to.write_all(&buffer[..read]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
}

fn relay(
    client: TcpStream,
    mut server: TcpStream,
    kill: Kill,
    commands: &Mutex<Vec<String>>,
    child: &Mutex<Option<Child>>,
) {
    let mut lines = BufReader::new(client);
    let mut line = Vec::new();
    while lines
        .read_until(b'\n', &mut line)
        .is_ok_and(|read| read > 0)
    {
        let number = commands.lock().unwrap().len();
        let text = String::from_utf8_lossy(&line);
        let command = text
            .split_once(' ')
            .map_or("", |(_, command)| command)
            .trim_end()
            .to_owned();
        if kill == Kill::Before(number) {
            return die(child);
        }
        commands.lock().unwrap().push(command);
        if server.write_all(&line).is_err() {
            return;
        }
        if kill == Kill::After(number) {
            // The server works on loopback and in memory: this is ample.
            thread::sleep(Duration::from_millis(150));
            return die(child);
        }
        line.clear();
    }
    let _ = server.shutdown(Shutdown::Write);
}

fn die(child: &Mutex<Option<Child>>) {
    loop {
        if let Some(child) = child.lock().unwrap().as_mut() {
            child.kill().unwrap();
            return;
        }
        thread::sleep(Duration::from_millis(2));
    }
}
