//! Steps that journeys share about certificate page.

use reqwest::multipart::{Form, Part};
use world::World;

/// What the town's page says of a file or a text.
pub(crate) async fn page(world: &World, form: Form, language: &str) -> (u16, String) {
    let url = format!("{}/verifica", world.town.url());
    let request = reqwest::Client::new().post(url).header("accept-language", language).multipart(form);
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

pub(crate) fn file(bytes: Vec<u8>) -> Form {
    Form::new().part("file", Part::bytes(bytes).file_name("c"))
}
