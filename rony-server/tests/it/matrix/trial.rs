//! The judge: tries each row with everybody, and says what came out otherwise than it should.

use axum::body::Bytes;
use http::{Method, header};

use super::{
    cast::Cast,
    database::{Database, State},
    row::{Body, Outcome, Row, Who},
    scene::Scene,
};
use crate::world::{Answer, World};

/// Tries all rows on one server, and fails with all that is wrong.
pub(super) async fn judge(rows: Vec<Row>) {
    let world = World::start().await;
    let database = Database::open(&world).await;
    let mut trial = Trial { cast: Cast::gather(&world).await, database, wrong: Vec::new() };
    for row in &rows {
        trial.refusals(row).await;
        trial.successes(row).await;
    }
    let Trial { wrong, .. } = trial;
    assert!(wrong.is_empty(), "{} of the matrix:\n{}", wrong.len(), wrong.join("\n"));
}

struct Trial<'w> {
    cast: Cast<'w>,
    database: Database,
    wrong: Vec<String>,
}

impl Trial<'_> {
    fn blame(&mut self, row: &Row, who: Who, what: &str) {
        self.wrong.push(format!("{} on {:?} by {who:?}: {what}", row.route, row.things));
    }

    /// All who are refused, on one scene: nothing of it may change.
    async fn refusals(&mut self, row: &Row) {
        let scene = Scene::make(&self.cast, row.things).await;
        let before = self.database.state().await;
        for who in Who::all() {
            let Outcome::Refused(status, code) = row.outcome(who) else { continue };
            let version = self.database.version().await;
            let answer = self.send(row, who, &scene).await;
            self.expect(row, who, &answer, status, Some(code));
            let body = said(&answer);
            if body.contains(&scene["word"]) && status != 422 {
                self.blame(row, who, &format!("the refusal tells what it hides: {body}"));
            }
            if status == 404 {
                let unreal = scene.unreal(row.sees_conversation(who));
                let nothing = said(&self.send(row, who, &unreal).await);
                if nothing != body {
                    self.blame(
                        row,
                        who,
                        &format!("{body} is another answer than for nothing at all: {nothing}"),
                    );
                }
            }
            if self.database.version().await != version {
                self.expect_same(row, who, &before).await;
            }
        }
    }

    async fn expect_same(&mut self, row: &Row, who: Who, before: &State) {
        let after = self.database.state().await;
        if after != *before {
            let what = format!("this changed, and must not:\n      {}", after.difference(before));
            self.blame(row, who, &what);
        }
    }

    /// All who succeed: on one scene if they only read, each on their own otherwise.
    async fn successes(&mut self, row: &Row) {
        let reads = row.route.starts_with("GET ");
        let (mut scene, mut succeeds) = (None, false);
        for who in Who::all() {
            let Outcome::Done(status) = row.outcome(who) else { continue };
            succeeds = true;
            let fresh = match scene.take() {
                Some(scene) if reads => scene,
                _ => Scene::make(&self.cast, row.things).await,
            };
            self.success(row, who, status, &fresh).await;
            scene = Some(fresh);
        }
        if succeeds == row.nobody.is_some() {
            let what =
                if succeeds { "somebody succeeds after all" } else { "nobody succeeds: that proves nothing" };
            self.wrong.push(format!("{} on {:?}: {what}", row.route, row.things));
        }
    }

    async fn success(&mut self, row: &Row, who: Who, status: u16, scene: &Scene) {
        if let Some((method, body)) = row.after {
            self.request(row, who, scene, method, body, "").await.ok();
        }
        let before = self.database.state().await;
        let answer = self.send(row, who, scene).await;
        self.expect(row, who, &answer, status, None);
        let stands_for = row.stands_for(who);
        if row.route.starts_with("GET ") || row.unchanged.contains(&stands_for) {
            self.expect_same(row, who, &before).await;
        } else if self.database.state().await == before {
            self.blame(row, who, "nothing changed, so a denial proves nothing");
        }
        if let Some((what, to)) = row.shows {
            let shown = self.all_pages(row, who, scene, &answer).await.contains(&scene[what]);
            if shown != to.contains(&stands_for) {
                self.blame(row, who, &format!("{what} is {} there", if shown { "" } else { "not" }));
            }
        }
        if row.signs_out {
            self.cast.sign_in(who).await;
        }
    }

    /// The answer, and where it is a list the rest of it too.
    async fn all_pages(&self, row: &Row, who: Who, scene: &Scene, first: &Answer) -> String {
        let mut text = said(first);
        let mut next = first.json()["next"].as_str().map(str::to_owned);
        while let Some(cursor) = next {
            let (method, _) = row.route.split_once(' ').expect("a method");
            let answer = self.request(row, who, scene, method, row.body, &format!("&cursor={cursor}")).await;
            text.push_str(&said(&answer));
            next = answer.ok()["next"].as_str().map(str::to_owned);
        }
        text
    }

    fn expect(&mut self, row: &Row, who: Who, answer: &Answer, status: u16, code: Option<&str>) {
        let seen = answer.status.as_u16();
        let right = match code {
            None => seen == status,
            Some(code) => seen == status && answer.json()["code"] == code,
        };
        if !right {
            let code = code.unwrap_or("success");
            let what = format!("expected {status} {code}, seen {seen}: {}", said(answer));
            self.blame(row, who, &what);
        }
    }

    async fn send(&self, row: &Row, who: Who, scene: &Scene) -> Answer {
        let (method, _) = row.route.split_once(' ').expect("a method");
        self.request(row, who, scene, method, row.body, "").await
    }

    async fn request(
        &self,
        row: &Row,
        who: Who,
        scene: &Scene,
        method: &str,
        body: Body,
        more: &str,
    ) -> Answer {
        let client = self.cast.client(row, who);
        let path = path(row, scene) + more;
        let request = client.request(method.parse::<Method>().expect("a method"), &path);
        let json = "application/json";
        match body {
            Body::Nothing => client.send(request, Bytes::new()).await,
            Body::Bytes(bytes) => client.send(request, Bytes::from_static(bytes)).await,
            Body::Json(body) => {
                client.send(request.header(header::CONTENT_TYPE, json), body(scene).to_string().into()).await
            }
            Body::Form(fields) => {
                let fields = fields(scene);
                let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
                client.form(&fields, &[("new.txt", b"new")]).await
            }
            Body::Tus(headers, bytes) => {
                let headers = headers(scene);
                let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
                let request = client.tus(method.parse().expect("a method"), &path, &headers);
                client.send(request, Bytes::from_static(bytes)).await
            }
        }
    }
}

/// The row's path with what stands for its parameters, and its query.
fn path(row: &Row, scene: &Scene) -> String {
    let (_, template) = row.route.split_once(" /").expect("a path");
    let mut ids = row.ids.iter();
    let parts = template.split('/').map(|part| match part.starts_with('{') {
        true => &scene[ids.next().unwrap_or_else(|| panic!("{}: what is {part}?", row.route))],
        false => part,
    });
    let path = parts.collect::<Vec<_>>().join("/");
    assert!(ids.next().is_none(), "{}: more ids than parameters", row.route);
    path + "?" + &row.query.map(|query| query(scene)).unwrap_or_default()
}

fn said(answer: &Answer) -> String {
    String::from_utf8_lossy(&answer.bytes).into_owned()
}
