//! The control socket: one command a connection, and what becomes of it.
//!
//! The client sends a line, as `--commands` takes them. The server sends lines, and closes:
//!
//! | line | what it says | last |
//! |---|---|---|
//! | `given NUMBER` | the command waits for the device | |
//! | `sent` | the device was sent it | |
//! | `answered TEXT` | the device has answered | yes |
//! | `refused REASON` | it cannot be sent to this device | yes |
//! | `error REASON` | it is no command, or the device is not known | yes |
//! | `forgotten` | others took its place | yes |
//!
//! `list`, `who` and `help` are answered by text.

use super::{
    Server, command,
    fleet::{Given, State},
};
use std::{io, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    time::{sleep, timeout},
};
use tracing::{debug, warn};

/// The longest line that is read.
const LINE: u64 = 1024;

/// How long a client may take to send its line.
const PATIENCE: Duration = Duration::from_secs(10);

/// Serves the socket for as long as the server runs.
pub async fn serve(server: Arc<Server>, listener: TcpListener) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                let server = Arc::clone(&server);
                tokio::spawn(async move {
                    if let Err(error) = serve_one(&server, stream).await {
                        debug!("control: {error}");
                    }
                });
            }
            Err(error) => {
                warn!("control: cannot accept: {error}");
                sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

/// Takes one line. What follows it is not read: the first line of a request of a browser is no
/// command, so no page can bring one here.
async fn serve_one(server: &Server, mut stream: TcpStream) -> io::Result<()> {
    let (reader, mut writer) = stream.split();
    let mut reader = BufReader::new(reader.take(LINE));
    let mut line = String::new();
    timeout(PATIENCE, reader.read_line(&mut line)).await??;
    let given = match command::take(server, &line) {
        Ok(command::Taken::Given { given, .. }) => given,
        Ok(command::Taken::Text(text)) => {
            return writer.write_all(format!("{text}\n").as_bytes()).await;
        }
        Err(error) => return say(&mut writer, "error", &error).await,
    };
    let Given {
        number, mut state, ..
    } = given;
    say(&mut writer, "given", &number.to_string()).await?;
    loop {
        let changed = tokio::select! {
            changed = state.changed() => changed,
            // The client does not want to know any more.
            _ = reader.fill_buf() => return Ok(()),
        };
        let now = state.borrow_and_update().clone();
        match (changed, now) {
            (Err(_), _) => return say(&mut writer, "forgotten", "").await,
            (Ok(()), State::Waiting) => {}
            (Ok(()), State::Sent) => say(&mut writer, "sent", "").await?,
            (Ok(()), State::Answered(text)) => return say(&mut writer, "answered", &text).await,
            (Ok(()), State::Refused(why)) => return say(&mut writer, "refused", &why).await,
        }
    }
}

/// Sends a line: a word, and a text on the same line.
async fn say(writer: &mut (impl AsyncWriteExt + Unpin), word: &str, text: &str) -> io::Result<()> {
    let text = text.replace(char::is_control, " ");
    let line = format!("{word} {text}");
    writer
        .write_all(format!("{}\n", line.trim_end()).as_bytes())
        .await
}
