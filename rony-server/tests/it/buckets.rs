//! Facts about files in an object store, and about moving them there.

use http::{Method, StatusCode, header};

use crate::{
    command::Place,
    world::{Client, World, bucket::Bucket, files::noise},
};

#[tokio::test]
async fn files_lie_in_an_object_store_and_are_had_from_there() {
    let bucket = Bucket::open().await;
    let world = World::with(|config| bucket.configure(config)).await;
    let ada = world.person("ada").await.client;
    let bytes = noise(7_000_000);
    let path = ada.begin("a b.bin", bytes.len(), &[]).await;
    for (from, to) in [(0, 1_000_000), (1_000_000, 6_500_000), (6_500_000, 7_000_000)] {
        assert_eq!(ada.bring(&path, from, &bytes[from..to]).await.status, StatusCode::NO_CONTENT);
    }
    let file = ada.get(&path).await.ok()["item_id"].as_str().expect("it is whole").to_owned();
    let answer = ada.content(&file).await;
    assert_eq!(answer.status, StatusCode::FOUND);
    let head = ada.send(ada.request(Method::HEAD, &format!("files/{file}/content")), "".into()).await;
    assert_eq!(
        (head.status, &head.headers[header::CONTENT_LENGTH]),
        (StatusCode::OK, &"7000000".parse().expect("a value"))
    );
    assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
    let there = answer.headers[header::LOCATION].to_str().expect("ASCII");
    assert!(there.contains("X-Amz-Expires=60&"), "{there}");
    let there = there.strip_prefix(&format!("http://{}", bucket.address)).expect("it leads to the store");
    let found = Client::new(bucket.address, None).get(there).await;
    assert_eq!(found.status, StatusCode::OK);
    assert!(found.bytes == bytes);
    let disposition = found.headers[header::CONTENT_DISPOSITION].to_str().expect("ASCII");
    assert!(disposition.starts_with("attachment") && disposition.contains("a%20b.bin"), "{disposition}");
    let small = ada.upload_id("note.txt", b"hello").await;
    assert_eq!(ada.content(&small).await.status, StatusCode::FOUND);
    let page = world.anybody().get("/").await;
    let policy = page.headers[header::CONTENT_SECURITY_POLICY].to_str().expect("ASCII");
    // The page of a server without the web client shows no files: it may load nothing.
    let shows = format!("img-src 'self' http://{} ", bucket.address);
    assert!(policy.contains(&shows) || policy.starts_with("default-src 'none'; "), "{policy}");
}

#[tokio::test(flavor = "multi_thread")]
async fn files_move_from_the_disk_to_an_object_store_and_back() {
    let bucket = Bucket::open().await;
    let place = Place::new();
    let mut settings = String::from("[files.s3]\n");
    for (key, value) in bucket.settings() {
        settings.push_str(&format!("{key} = \"{value}\"\n"));
    }
    std::fs::write(place.folder.path().join("rony.toml"), settings).expect("a file");
    let serve = ["serve", "--port", "0", "--metrics", "off"];
    let server = place.start(&serve);
    let link = server.told("Set up").expect("a link").rsplit('#').next().expect("a token").to_owned();
    let first = serde_json::json!({"token": link, "username": "ada", "password": "correct horse battery"});
    let session = Client::new(server.address(), None).post("setup", first).await.ok();
    let token = session["token"].as_str().map(str::to_owned);
    let ada = Client::new(server.address(), token.clone());
    let (one, two) = (ada.upload_id("a.bin", &noise(100_000)).await, ada.upload_id("b.txt", b"hello").await);
    let migrate = |from: &str, to: &str| {
        let output = place.run(&["blobs", "migrate", "--from", from, "--to", to]);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    };
    assert_eq!(migrate("disk", "s3"), "2 files were copied, 0 were there already.");
    assert_eq!(migrate("disk", "s3"), "0 files were copied, 2 were there already.");
    assert_eq!(server.stop(), Some(0));

    let server = place.start(&[&serve[..], &["--files-store", "s3"]].concat());
    let ada = Client::new(server.address(), token.clone());
    for file in [&one, &two] {
        assert_eq!(ada.content(file).await.status, StatusCode::FOUND);
    }
    let three = ada.upload_id("c.txt", b"later").await;
    assert_eq!(migrate("s3", "disk"), "1 files were copied, 2 were there already.");
    assert_eq!(server.stop(), Some(0));
    let server = place.start(&serve);
    let ada = Client::new(server.address(), token);
    assert_eq!(ada.content(&three).await.bytes, "later");
    let same = place.run(&["blobs", "migrate", "--from", "s3", "--to", "s3"]);
    assert_eq!(same.status.code(), Some(1));
    assert_eq!(server.stop(), Some(0));
}
