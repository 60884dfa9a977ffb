//! A device in a shell: every word of cases, messages, days and the profile, with what a script reads.

use serde_json::Value;
use vicino_server::matters::certificate::issuing;
use world::shell::keep;
use world::{Shell, Wire, World};

#[tokio::test(flavor = "multi_thread")]
async fn a_case_with_its_paper_from_the_first_word_to_the_answer() {
    let world = World::new().await;
    let shell = Shell::new();
    let papers = tempfile::tempdir().unwrap();
    assert_eq!(shell.run(&["join", &world.town.url()]).await.status.code(), Some(0));
    assert_eq!(shell.run(&["login", "--as", "Anna"]).await.status.code(), Some(0));
    let (_, profile) = shell.json(&["profile"]).await;
    assert_eq!(profile["person"]["tax_code"], "BRTNNA86E54X999E");
    let set: Vec<&str> = [
        "--set",
        "child.name=Giulia Moretti",
        "--set",
        "child.tax_code=MRTGLI14P61X999Y",
        "--set",
        "child.school=primaria_tigli",
        "--set",
        "child.from=FROM",
        "--set",
        "meals.days=mon,fri",
        "--set",
        "meals.diet=health",
        "--set",
        "meals.diet_words=Niente latte",
        "--set",
        "end.phone=348 555 0101",
        "--set",
        "end.true=yes",
    ]
    .to_vec();
    let from = format!("child.from={}", (chrono::Utc::now() + chrono::Duration::days(30)).format("%d/%m/%Y"));
    let set: Vec<&str> =
        set.into_iter().map(|word| if word == "child.from=FROM" { from.as_str() } else { word }).collect();
    // Without the certificate it is kept, and said to be missing: exit 3.
    let (code, draft) = shell.json(&[&["case", "new", "--service", "mensa"], set.as_slice()].concat()).await;
    assert_eq!((code, draft["gaps"][0]["at"].as_str()), (Some(3), Some("meals.certificate")));
    let id = draft["id"].as_str().unwrap().to_owned();
    // Two gigabytes, an empty file, a program: refused in a sentence, and the draft is as it was.
    let huge = papers.path().join("enorme.pdf");
    std::fs::File::create(&huge).unwrap().set_len(2_000_000_000).unwrap();
    for (path, code) in [
        (huge.to_str().unwrap().to_owned(), "file_too_heavy"),
        (keep(papers.path(), "vuoto.pdf", b""), "file_empty"),
        (keep(papers.path(), "programma.pdf", b"\x7fELF\x02\x01\x01"), "file_kind"),
    ] {
        let attach = format!("meals.certificate={path}");
        let (status, fault) = shell.json(&["case", "new", "--id", &id, "--attach", &attach]).await;
        assert_eq!((status, fault["code"].as_str()), (Some(1), Some(code)));
    }
    let (code, again) = shell.json(&["case", "check", &id]).await;
    assert_eq!((code, again["gaps"].as_array().unwrap().len()), (Some(3), 1));
    let certificate = keep(papers.path(), "certificato.pdf", b"%PDF-1.7\ncertificato");
    let today = chrono::Utc::now().format("%d/%m/%Y");
    let attach = format!("meals.certificate={certificate}@{today}");
    let (code, _) = shell.json(&["case", "new", "--id", &id, "--attach", &attach, "--send"]).await;
    assert_eq!(code, Some(0));
    assert_eq!(shell.run(&["sync"]).await.status.code(), Some(0));
    let (_, shown) = shell.json(&["case", "show", &id]).await;
    assert_eq!(shown["row"]["state"], "submitted");
    let text = String::from_utf8(shell.run(&["case", "show", &id]).await.stdout).unwrap();
    assert!(text.contains("certificato.pdf"), "{text}");
    let (_, cases) = shell.json(&["cases"]).await;
    assert_eq!(cases["total"], 3, "hers, and one of each child");
    // An answer with a paper, and what the office writes.
    let letter = keep(papers.path(), "lettera.pdf", b"%PDF-1.7\nlettera");
    assert_eq!(
        shell.run(&["reply", &id, "--text", "Ecco la lettera", "--attach", &letter]).await.status.code(),
        Some(0)
    );
    let message =
        serde_json::json!({ "id": uuid::Uuid::from_u128(0x0190_d001), "office": "Scuola", "text": "Ricevuta" });
    assert_eq!(world.town.office("POST", &format!("/cases/{id}/messages"), Some(message)).await.0, 200);
    assert_eq!(shell.run(&["sync"]).await.status.code(), Some(0));
    let (_, messages) = shell.json(&["messages"]).await;
    assert_eq!((messages["unread"].as_u64(), messages["rows"].as_array().unwrap().len()), (Some(1), 1));
    let calendar = papers.path().join("scadenze.ics");
    let (_, days) = shell.json(&["deadlines", "--ics", calendar.to_str().unwrap()]).await;
    let rows = days["rows"].as_array().unwrap().len();
    assert!(rows >= 1, "{days}");
    assert_eq!(std::fs::read_to_string(calendar).unwrap().matches("BEGIN:VEVENT").count(), rows);
    // What is no case, no field, no file: said, and nothing is left behind.
    let nowhere = uuid::Uuid::from_u128(1).to_string();
    assert_eq!(shell.json(&["case", "show", &nowhere]).await.0, Some(1));
    let (code, fault) = shell.json(&["case", "new", "--service", "mensa", "--attach", "child.name=/tmp/x.pdf"]).await;
    assert!(code == Some(1) && fault["text"].as_str().is_some_and(|text| text.contains("/tmp/x.pdf")), "{fault}");
    assert!(shell.json(&["cases"]).await.1["drafts"].as_array().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_owed_is_read_shown_paid_and_taken_out() {
    let world = World::new().await;
    let shell = Shell::new();
    let papers = tempfile::tempdir().unwrap();
    assert_eq!(shell.run(&["join", &world.town.url()]).await.status.code(), Some(0));
    assert_eq!(shell.run(&["login", "--as", "Anna"]).await.status.code(), Some(0));
    let (code, list) = shell.json(&["notices"]).await;
    assert_eq!((code, list["to_pay_total"].as_u64(), list["paid_total"].as_u64()), (Some(0), Some(4), Some(3)));
    let row = &list["to_pay"][0]["rows"][0];
    let (id, number) = (row["id"].as_str().unwrap(), row["number"].as_str().unwrap());
    // Its code, drawn and read back from its own text.
    let qr = papers.path().join("qr.svg").to_str().unwrap().to_owned();
    let (code, view) = shell.json(&["notice", "show", id, "--qr", &qr]).await;
    assert_eq!((code, &view["row"]["whom"]["name"]), (Some(0), &"Giulia Moretti".into()));
    assert!(std::fs::read_to_string(&qr).unwrap().contains("<svg"));
    let (code, read) = shell.json(&["notice", "read", &format!("PAGOPA|002|{number}|77777777777|6240")]).await;
    assert_eq!((code, &read["notice"]["known"]["id"]), (Some(0), &id.into()));
    for (what, refusal) in [
        ("https://example.org/menu", "other_code"),
        ("30201238765431238", "digits"),
        ("30201238765431238X", "letters"),
        ("PAGOPA|002|302012387654312384|00743110157", "torn"),
        ("PAGOPA|002|302012387654312384|00743110157|0", "zero"),
    ] {
        let (code, told) = shell.json(&["notice", "read", what]).await;
        assert_eq!((code, &told["code"]), (Some(2), &refusal.into()), "{what}");
        assert!(told["sentence"].as_str().is_some_and(|sentence| sentence.contains(' ')), "{told}");
    }
    let blank = keep(papers.path(), "foto.jpg", &world::photos::noise(400, 300, 9));
    let (code, told) = shell.json(&["notice", "read", &blank]).await;
    assert_eq!((code, &told["code"]), (Some(2), &"no_code".into()));
    for missing in ["/nowhere/avviso.pdf", papers.path().to_str().unwrap()] {
        let (code, told) = shell.json(&["notice", "read", missing]).await;
        assert_eq!((code, &told["code"]), (Some(2), &"file".into()), "{missing}: {told}");
    }
    // A stranger's is kept, and stands among what is to be paid.
    let words =
        ["notice", "keep", "PAGOPA|002|302012387654312384|00743110157|1250", "--name", "Regione", "--title", "Bollo"];
    assert_eq!(shell.json(&words).await.0, Some(0));
    let matrix = papers.path().join("posta.svg").to_str().unwrap().to_owned();
    let (code, told) = shell.json(&["notice", "show", "302012387654312384", "--matrix", &matrix]).await;
    assert_eq!((code, &told["code"]), (Some(2), &"no_postal_account".into()));
    // The page of a cart, played; what was begun is not begun again unasked.
    let (code, page) =
        shell.json(&["pay", number, "302012387654312384", "--return", "http://127.0.0.1:4321/paid"]).await;
    assert_eq!(code, Some(0), "{page}");
    let (code, told) = shell.json(&["pay", id]).await;
    assert_eq!((code, &told["code"], told["numbers"].as_array().unwrap().len()), (Some(2), &"maybe_paid".into(), 1));
    let back = world::play(page["url"].as_str().unwrap(), "paid").await.unwrap();
    assert!(back.starts_with("http://127.0.0.1:4321/paid?cart="));
    assert_eq!(shell.json(&["returned", &back]).await.0, Some(0));
    let (code, told) = shell.json(&["returned", &back]).await;
    assert_eq!((code, &told["code"]), (Some(2), &"no_such_cart".into()), "once");
    assert_eq!(shell.run(&["sync"]).await.status.code(), Some(0));
    let (code, told) = shell.json(&["pay", id]).await;
    assert_eq!((code, &told["code"]), (Some(2), &"paid".into()));
    let six: Vec<&str> = std::iter::once("pay").chain(std::iter::repeat_n("302012387654312384", 6)).collect();
    assert_eq!(shell.json(&six).await.1["code"], "too_many");
    assert_eq!(shell.json(&["pay", "302012387654312384", "--return", "https://evil.example/paid"]).await.0, Some(2));
    let out = papers.path().join("ricevute").to_str().unwrap().to_owned();
    let (code, receipts) = shell.json(&["receipts", "--export", &out]).await;
    assert_eq!((code, receipts["rows"].as_array().unwrap().len()), (Some(0), 4));
    let years = std::fs::read_dir(&out).unwrap().map(|year| std::fs::read_dir(year.unwrap().path()).unwrap().count());
    assert!(years.sum::<usize>() >= 4);
    // A proof of what was paid elsewhere goes to the town.
    let proof = keep(papers.path(), "scontrino.pdf", b"%PDF-1.7\nscontrino");
    let tax = list["to_pay"][2]["rows"][0]["id"].as_str().unwrap();
    let words = ["notice", "paid", tax, "--on", "11/03/2026", "--place", "In posta", "--attach", &proof];
    assert_eq!(shell.json(&words).await.0, Some(0));
    assert_eq!(shell.run(&["sync"]).await.status.code(), Some(0));
    let (_, list) = shell.json(&["notices"]).await;
    assert!(list["on_its_way"].as_array().unwrap().iter().any(|row| row["id"] == tax), "{list}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_and_what_a_public_office_takes_instead() {
    let world = World::today().await;
    let shell = Shell::new();
    let papers = tempfile::tempdir().unwrap();
    let at = |name: &str| papers.path().join(name).to_str().unwrap().to_owned();
    assert_eq!(shell.run(&["join", &world.town.url()]).await.status.code(), Some(0));
    assert_eq!(shell.run(&["login", "--as", "Anna"]).await.status.code(), Some(0));
    for (words, refusal) in [
        (vec!["certificate", "ask", "residence", "--audience", "public"], "self_certify"),
        (vec!["certificate", "ask", "residence", "--exempt", "other"], "certificate_wish"),
        (vec!["certificate", "ask", "nonsense"], "unknown_word"),
        (vec!["certificate", "ask", "residence", "--for", "Nobody"], "not_found"),
        (vec!["declare", "income"], "declaration_lacks"),
        (vec!["declare", "income", "--set", "income_year=2025", "--set", "income=20.00.0"], "declaration_lacks"),
    ] {
        let (code, told) = shell.json(&words).await;
        assert_eq!((code, &told["code"]), (Some(2), &refusal.into()), "{words:?}: {told}");
    }
    let (code, id) =
        shell.json(&["certificate", "ask", "residence,family", "--for", "Giulia", "--exempt", "sport"]).await;
    assert_eq!(code, Some(0), "{id}");
    let id = id.as_str().unwrap();
    let (code, told) = shell.json(&["certificate", "save", id, &at("c.pdf")]).await;
    assert_eq!((code, &told["code"]), (Some(2), &"not_here".into()));
    shell.run(&["sync"]).await;
    issuing::issue_all(world.town.town()).unwrap();
    shell.run(&["sync"]).await;
    assert_eq!(shell.json(&["certificates"]).await.1["rows"][0]["state"], "issued");
    assert_eq!(shell.json(&["certificate", "save", id, &at("c.pdf")]).await.0, Some(0));
    let (code, seen) = shell.json(&["verify", &at("c.pdf")]).await;
    assert_eq!((code, &seen["verdict"], &seen["sealed"]), (Some(0), &"genuine".into(), &true.into()));
    let mut bytes = std::fs::read(at("c.pdf")).unwrap();
    let end = bytes.len() - 30;
    bytes[end] ^= 1;
    std::fs::write(at("x.pdf"), bytes).unwrap();
    assert_eq!(shell.json(&["verify", &at("x.pdf")]).await.0, Some(4));
    // Without its seal the code holds, and that alone; a picture of the paper has no seal to lose.
    let whole = std::fs::read(at("c.pdf")).unwrap();
    let mark = b"\n%vicino-word ";
    let sealed_from = whole.windows(mark.len()).rposition(|bytes| bytes == mark).unwrap();
    std::fs::write(at("bare.pdf"), &whole[..sealed_from]).unwrap();
    assert_eq!(shell.json(&["verify", &at("bare.pdf")]).await.0, Some(7));
    let mut drawing = std::process::Command::new("pdftoppm");
    let drawn = drawing.args(["-png", "-r", "150", "-singlefile", &at("c.pdf"), &at("c")]).status().unwrap();
    assert!(drawn.success());
    assert_eq!(shell.json(&["verify", &at("c.png")]).await.0, Some(0));
    let (_, view) = shell.json(&["certificate", "show", id]).await;
    assert_eq!(shell.json(&["verify", view["word"][0].as_str().unwrap()]).await.0, Some(0));
    assert_eq!(shell.json(&["verify", "https://example.org"]).await.0, Some(6));
    std::fs::write(at("code.txt"), view["word"][0].as_str().unwrap()).unwrap();
    assert_eq!(shell.json(&["verify", &at("code.txt")]).await.0, Some(0));
    let (code, told) = shell.json(&["verify", &at("typo.pdf")]).await;
    assert_eq!((code, &told["code"]), (Some(2), &"file".into()));
    // Everything that is listed is saved and read by the name it is listed under.
    let (_, list) = shell.json(&["documents"]).await;
    for row in list["rows"].as_array().unwrap() {
        let of = row["of"].as_object().unwrap().values().next().unwrap().as_str().unwrap().to_owned();
        assert_eq!(shell.json(&["document", "save", &of, &at("any.pdf")]).await.0, Some(0), "{row}");
        assert!(std::fs::read(at("any.pdf")).unwrap().starts_with(b"%PDF"), "{row}");
    }
    assert_eq!(shell.json(&["document", "read", id]).await.0, Some(0));
    assert_eq!(shell.json(&["paper", "keep", "isee", &at("c.pdf"), "--expires", "31/12/2026"]).await.0, Some(0));
    let (_, papers) = shell.json(&["papers"]).await;
    assert_eq!(shell.json(&["paper", "discard", papers[0]["id"].as_str().unwrap()]).await.0, Some(0));
    let words =
        ["declare", "residence,income", "--set", "income_year=2025", "--set", "income=12.000", "--pdf", &at("d.pdf")];
    let (code, reads) = shell.json(&words).await;
    assert_eq!((code, reads.as_array().unwrap().len()), (Some(0), 2));
    assert!(std::fs::read(at("d.pdf")).unwrap().starts_with(b"%PDF-"));
}

/// Nobody looks at a map in a shell: a place that is not in the town is asked about, by name.
#[tokio::test(flavor = "multi_thread")]
async fn a_report_from_elsewhere_says_where_it_is() {
    let world = World::new().await;
    let shell = Shell::new();
    assert_eq!(shell.run(&["join", &world.town.url()]).await.status.code(), Some(0));
    let words = ["report", "--category", "roads", "--title", "Buca", "--details", "Profonda"];
    let madrid = [&words[..], &["--lat", "40.4168", "--lon=-3.7038"]].concat();
    let said = shell.run(&madrid).await;
    let said = String::from_utf8(said.stdout).unwrap();
    assert!(said.starts_with("saved on this device") && said.contains("outside Comune di Pietrachiara"), "{said}");
    let (_, told) = shell.json(&madrid).await;
    assert_eq!(
        (&told["outside"], &told["point"]["lat"]),
        (&Value::from("Comune di Pietrachiara"), &Value::from(40.4168))
    );
    let here = [&words[..], &["--address", "Via Roma 14"]].concat();
    assert!(!String::from_utf8(shell.run(&here).await.stdout).unwrap().contains("outside"));
}

/// Nobody is told that all is well whose own records are not read any more.
#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_that_is_gone_is_said() {
    let world = World::new().await;
    let shell = Shell::joined(&world.town.url()).await;
    assert_eq!(shell.run(&["login", "--as", "Anna"]).await.status.code(), Some(0));
    assert_eq!(shell.run(&["sync"]).await.status.code(), Some(0));
    let people = std::fs::read_dir(shell.folder.path().join("people")).unwrap().flatten();
    let kept: Vec<_> = people.map(|person| person.path().join("sign-in.key")).filter(|key| key.exists()).collect();
    assert_eq!(kept.len(), 1);
    std::fs::remove_file(&kept[0]).unwrap();
    for _ in 0..2 {
        let output = shell.run(&["sync"]).await;
        let said = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(3), "{said}");
        assert!(said.contains("reached the town") && said.contains("nobody is signed in"), "{said}");
    }
    let (code, told) = shell.json(&["sync"]).await;
    assert_eq!((code, &told["trouble"]), (Some(3), &"signed_out".into()), "{told}");
}

/// Nobody is told that the town was reached where somebody else answers; and no calendar is written that has no day.
#[tokio::test(flavor = "multi_thread")]
async fn only_the_town_is_called_the_town() {
    let world = World::new().await;
    let shell = Shell::joined(&world.cable.url()).await;
    let calendar = shell.folder.path().join("days.ics");
    let days = shell.run(&["deadlines", "--ics", calendar.to_str().unwrap()]).await;
    assert!(days.status.success() && !calendar.exists(), "{}", String::from_utf8_lossy(&days.stdout));
    world.cable.set(Wire::CaptivePortal);
    let output = shell.run(&["sync", "--once"]).await;
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("what answers there is not the town") && !said.contains("reached the town"), "{said}");
}

/// What a device keeps of what was written reads as the town keeps it: without letters that lie about themselves.
#[tokio::test(flavor = "multi_thread")]
async fn letters_that_lie_stay_nowhere() {
    let world = World::new().await;
    let shell = Shell::joined(&world.town.url()).await;
    let title = "Buca\u{202e}acub\u{200b}";
    let words = [
        "report",
        "--category",
        "roads",
        "--title",
        title,
        "--details",
        "x\u{202e}\ny",
        "--address",
        "Via\u{feff} Roma 14",
    ];
    let (code, _) = shell.json(&words).await;
    assert_eq!(code, Some(0));
    let (_, list) = shell.json(&["reports"]).await;
    assert_eq!(list["rows"][0]["title"], "Bucaacub", "{list}");
    assert_eq!(shell.run(&["sync"]).await.status.code(), Some(0));
    assert!(world.town.queue().await.iter().any(|one| one["title"] == "Bucaacub"));
}

/// The log is a file of the device, and no line of it stands in an answer.
#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_a_file_and_no_answer() {
    let world = World::new().await;
    let shell = Shell::joined(&world.cable.url()).await;
    world.cable.set(Wire::CaptivePortal);
    let shell_with = |words: &'static [&'static str]| {
        let mut shell_of = tokio::process::Command::new(world::driver::built("vicino-headless"));
        shell_of.env("RUST_LOG", "trace").arg("--data").arg(shell.folder.path()).args(words);
        async move { shell_of.output().await.unwrap() }
    };
    let quiet = shell_with(&["--key-in-file", "sync", "--once"]).await;
    assert!(quiet.stderr.is_empty(), "{}", String::from_utf8_lossy(&quiet.stderr));
    let kept = std::fs::read_to_string(shell.folder.path().join("log.jsonl")).unwrap();
    assert!(kept.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()) && kept.lines().count() > 1);
    let loud = shell_with(&["--key-in-file", "-v", "sync", "--once"]).await;
    let lines = String::from_utf8(loud.stderr).unwrap();
    assert!(!lines.is_empty(), "asked for, it is told");
    for line in lines.lines() {
        assert!(serde_json::from_str::<Value>(line).unwrap()["level"].is_string(), "{line}");
    }
}
