//! What goes over NATS besides reports: the last state of each device, and commands.

use super::{
    Server, command,
    fleet::{Given, Row, State},
};
use async_nats::{
    Client, Error, Subject,
    jetstream::{
        Context, kv,
        stream::{Config, DiscardPolicy},
    },
};
use gt02::types::DeviceId;
use serde::Serialize;
use serde_json::Value;
use std::{sync::Arc, time::Duration};
use tokio::time::sleep;
use tokio_stream::StreamExt;
use tracing::{info, warn};

/// The bucket with the last state of each device.
const BUCKET: &str = "devices";

/// The time from one look at the devices to the next: of each, one state is stored meanwhile.
const PAUSE: Duration = Duration::from_secs(1);

/// The devices whose state is stored at a time.
const BATCH: usize = 1000;

/// Keeps the last state of each device in a bucket, for as long as the server runs.
pub async fn devices(server: Arc<Server>, context: Context) {
    let bucket = match bucket(&context).await {
        Ok(bucket) => bucket,
        Err(error) => {
            warn!("no bucket {BUCKET}, so the last states are not stored: {error}");
            return;
        }
    };
    let mut stored = 0;
    while !server.is_ending() {
        sleep(PAUSE).await;
        // What changes meanwhile is stored the next time.
        let now = server.fleet().clock();
        while stored < now {
            let Some(clock) = store_changed(&server, &context, &bucket, stored).await else {
                break;
            };
            stored = clock;
        }
    }
}

/// The bucket, which is made if there is none.
///
/// It is made as the stream that it is: the client asks for the account first to make a bucket, and
/// does not understand what NATS 2.9 answers.
async fn bucket(context: &Context) -> Result<kv::Store, Error> {
    let config = Config {
        name: format!("KV_{BUCKET}"),
        subjects: vec![format!("$KV.{BUCKET}.>")],
        max_messages_per_subject: 1,
        discard: DiscardPolicy::New,
        allow_rollup: true,
        deny_delete: true,
        allow_direct: true,
        ..Config::default()
    };
    context.get_or_create_stream(config).await?;
    Ok(context.get_key_value(BUCKET).await?)
}

/// Stores devices that have changed after this, those that did first. Returns up to where; `None`
/// if there are none, or they cannot be stored.
async fn store_changed(
    server: &Server,
    context: &Context,
    bucket: &kv::Store,
    after: u64,
) -> Option<u64> {
    let changed = server.fleet().changed(after, BATCH);
    let mut acknowledgements = Vec::with_capacity(changed.len());
    let mut clock = None;
    for (number, id, row) in changed {
        clock = Some(number);
        if !row.online && is_heard_elsewhere(bucket, &row).await? {
            continue;
        }
        let text = serde_json::to_vec(&row).unwrap_or_default();
        let sent = context.publish(format!("$KV.{BUCKET}.{id}"), text.into());
        acknowledgements.push(sent.await.ok()?);
    }
    for acknowledgement in acknowledgements {
        acknowledgement.await.ok()?;
    }
    clock
}

/// Whether another server has heard a device that has left this one. `None` if that cannot be told.
async fn is_heard_elsewhere(bucket: &kv::Store, row: &Row) -> Option<bool> {
    let stored = bucket.get(row.id.as_str()).await.ok()?;
    let stored: Option<Value> = stored.and_then(|stored| serde_json::from_slice(&stored).ok());
    let seen = stored
        .as_ref()
        .and_then(|stored| stored.get("seen")?.as_str());
    Some(seen.is_some_and(|seen| seen > row.seen.as_str()))
}

/// What becomes of a command.
#[derive(Serialize)]
struct Told<'a> {
    device: DeviceId,
    /// The number of the command.
    number: u64,
    command: &'a str,
    state: &'static str,
    /// The answer of the device, or why it was not sent the command.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
}

/// Takes commands on `command.DEVICE`, for as long as the server runs.
pub async fn commands(server: Arc<Server>, client: Client) {
    let mut requests = match client.subscribe("command.*").await {
        Ok(requests) => requests,
        Err(error) => {
            warn!("no commands by NATS: {error}");
            return;
        }
    };
    while let Some(request) = requests.next().await {
        let (_, device) = request.subject.split_once('.').unwrap_or_default();
        let Ok(device) = device.parse::<DeviceId>() else {
            continue;
        };
        // Several servers hear it: the one that the device is connected to takes it.
        if !server.fleet().is_online(device) {
            continue;
        }
        let line = format!("{device} {}", String::from_utf8_lossy(&request.payload));
        let (server, client) = (Arc::clone(&server), client.clone());
        tokio::spawn(async move {
            match command::take(&server, &line) {
                Ok(command::Taken::Given { text, given, .. }) => {
                    info!("{device}: command {} by NATS: {text}", given.number);
                    follow(&client, device, &text, given, request.reply).await;
                }
                Ok(command::Taken::Text(text)) | Err(text) => {
                    if let Some(reply) = request.reply {
                        let told = Told {
                            device,
                            number: 0,
                            command: &line,
                            state: "error",
                            text: Some(&text),
                        };
                        tell(&client, reply, &told).await;
                    }
                }
            }
        });
    }
}

/// Tells whoever gave the command what becomes of it, and everybody what has become of it.
async fn follow(
    client: &Client,
    device: DeviceId,
    command: &str,
    given: Given,
    reply: Option<Subject>,
) {
    let Given {
        number, mut state, ..
    } = given;
    loop {
        let is_there = state.changed().await.is_ok();
        let now = state.borrow_and_update().clone();
        let (word, text) = match &now {
            _ if !is_there => ("forgotten", None),
            State::Waiting => continue,
            State::Sent => ("sent", None),
            State::Answered(text) => ("answered", Some(&**text)),
            State::Refused(why) => ("refused", Some(&**why)),
        };
        let told = Told {
            device,
            number,
            command,
            state: word,
            text,
        };
        if let Some(reply) = &reply {
            tell(client, reply.clone(), &told).await;
        }
        if word != "sent" {
            let subject = format!("command.{device}.result");
            return tell(client, subject.into(), &told).await;
        }
    }
}

async fn tell(client: &Client, subject: Subject, told: &Told<'_>) {
    let told = serde_json::to_vec(told).unwrap_or_default();
    if let Err(error) = client.publish(subject, told.into()).await {
        warn!("the result of a command is not told: {error}");
    }
}
