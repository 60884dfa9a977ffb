//! Certificates on the town's own page, for whoever has no app.

use std::time::Duration;

use reqwest::multipart::Form;
use serde_json::json;
use tokio::io::AsyncWriteExt as _;
use vicino_contract::jws::{Kind, TownSigner};
use vicino_domain::certificate::CertificateKind;
use world::World;

use crate::steps::certificate_page::{file, page};
use crate::steps::certificates::{ask, exempt, settle, shown};

/// A small PDF whose page is packed so often that no memory would hold it.
fn bomb() -> Vec<u8> {
    let stream = "/Filter[/FlateDecode/FlateDecode/FlateDecode]";
    format!("%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 4 0 obj<<{stream}/Length 9>>stream\n123456789\nendstream endobj")
        .into_bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_brings_much_and_slowly_keeps_nobody_from_the_town() {
    let world = World::new().await;
    let mut slow = Vec::new();
    let busy = || page(&world, Form::new().text("text", "ciao"), "it");
    // One that came while another was being looked at was refused itself: another comes in its place.
    while busy().await.0 != 503 {
        assert!(slow.len() < 50, "everybody was let in");
        let mut wire = tokio::net::TcpStream::connect(world.town.address()).await.unwrap();
        let head = "POST /verifica HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 9000\r\n\r\n--x\r\n";
        wire.write_all(head.as_bytes()).await.unwrap();
        slow.push(wire);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let (_, said) = busy().await;
    assert!(said.contains("riprova tra qualche secondo"), "{said}");
    // Everything else answers as ever; whoever leaves makes room.
    assert_eq!(reqwest::get(format!("{}/status", world.town.url())).await.unwrap().status().as_u16(), 200);
    drop(slow);
    for _ in 0..50 {
        if busy().await.0 == 200 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("no room was made");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_no_app_has_it_checked_on_the_town_s_page() {
    let world = World::new().await;
    let anna = world.signed_in("Anna").await;
    let id = ask(&anna, "Anna", &[CertificateKind::Residence], exempt());
    settle(&world, &anna).await;
    let view = shown(&anna, id);
    let paper = anna.app().file(view.file.unwrap().id).unwrap().1;
    let (word, _) = view.word.unwrap();
    let empty = reqwest::get(format!("{}/verifica", world.town.url())).await.unwrap().text().await.unwrap();
    assert!(empty.contains("<html lang=\"it\">") && empty.contains("PROVA") && !empty.contains("role=\"status\""));
    let (status, said) = page(&world, file(paper.clone()), "it").await;
    assert_eq!(status, 200);
    for wanted in ["È autentico", "Anna Berti", "Via Roma 14", "ogni byte", "ritirati"] {
        assert!(said.contains(wanted), "{wanted}: {said}");
    }
    // As a mail breaks it into lines; of a code alone it is said that it is only the code.
    let (half, rest) = word.split_at(70);
    let (_, said) = page(&world, Form::new().text("text", format!(" {half}\n{rest}\n")), "en-GB,it;q=0.5").await;
    assert!(
        said.contains("compare it with the paper")
            && said.contains("bears no seal")
            && said.contains("<html lang=\"en\">")
    );
    // A photo of the paper.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("c.pdf");
    std::fs::write(&path, &paper).unwrap();
    let mut drawing = std::process::Command::new("pdftoppm");
    assert!(
        drawing
            .args(["-jpeg", "-r", "200", "-singlefile"])
            .arg(&path)
            .arg(folder.path().join("c"))
            .status()
            .unwrap()
            .success()
    );
    let photo = std::fs::read(folder.path().join("c.jpg")).unwrap();
    assert!(page(&world, file(photo), "it").await.1.contains("confrontalo con il foglio"));
    let mut changed = paper.clone();
    changed[paper.len() / 2] ^= 1;
    assert!(page(&world, file(changed), "it").await.1.contains("È stato cambiato"));
    // The seal says that it is somebody else's: put together, and never said to be another town's.
    let mut other = paper.clone();
    let at = other.windows(14).rposition(|window| window == b"\n%vicino-seal ").unwrap() + 14;
    let head = &other[at..at + other[at..].iter().position(|byte| *byte == b'.').unwrap()];
    let head = base64::Engine::decode(&base64::prelude::BASE64_URL_SAFE_NO_PAD, head).unwrap();
    let kid = String::from_utf8(head).unwrap().replace('a', "b");
    let kid = base64::Engine::encode(&base64::prelude::BASE64_URL_SAFE_NO_PAD, kid);
    other.splice(at..at + kid.len(), kid.bytes());
    assert!(page(&world, file(other), "it").await.1.contains("È stato cambiato"));
    let stranger = TownSigner::from_seed([9; 32]);
    let payload = word.split('.').nth(1).unwrap();
    let payload = base64::Engine::decode(&base64::prelude::BASE64_URL_SAFE_NO_PAD, payload).unwrap();
    let (_, said) = page(&world, Form::new().text("text", stranger.sign(Kind::Certificate, &payload)), "it").await;
    assert!(said.contains("Non è di questo Comune") && !said.contains("Anna Berti"));
    for (form, wanted) in [
        (file(world::photos::noise(300, 300, 1)), "non c’è un certificato"),
        (file(b"%PDF-1.7 and nothing after it".to_vec()), "non ha il sigillo"),
        (file(bomb()), "non ha il sigillo"),
        (file(b"PK\x03\x04 a letter".to_vec()), "né una foto"),
        (Form::new().text("text", "<script>alert(1)</script>"), "non c’è un certificato"),
        (Form::new().text("text", ""), "Scegli un file"),
    ] {
        let (status, said) = page(&world, form, "it").await;
        assert!(status == 200 && said.contains(wanted) && !said.contains("alert(1)"), "{wanted}: {said}");
    }
    // What cannot be looked at is a page too, with its sentence.
    let (status, said) = page(&world, file(vec![b'x'; 13_000_000]), "it").await;
    assert!(status == 413 && said.contains("12 megabyte") && said.contains("<form"), "{status}: {said}");
    let no_form = reqwest::Client::new().post(format!("{}/verifica?lang=en", world.town.url())).body("nothing").send();
    let no_form = no_form.await.unwrap();
    assert_eq!(
        (no_form.status().as_u16(), no_form.headers()["content-type"].as_bytes()),
        (400, &b"text/html; charset=utf-8"[..])
    );
    assert!(no_form.text().await.unwrap().contains("cannot be read"));
    // Time passes; then the town takes it back.
    let note = Some(json!({ "note": "Sbagliato." }));
    assert_eq!(world.town.office("POST", &format!("/certificates/{id}/revocation"), note).await.0, 200);
    assert!(page(&world, file(paper.clone()), "it").await.1.contains("l’ha ritirato"));
}
