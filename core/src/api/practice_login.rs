//! The sign-in page of a practice town, pressed as a browser would: for devices in a terminal, which have none.

use reqwest::{Client, StatusCode, header};
use vicino_contract::http::path;
use vicino_contract::{Failure, FailureCode};
use vicino_domain::fold;

use crate::api::bounded;

/// Opens the page at this address and presses the button with this name; the answer goes back to the address
/// the page was asked with.
pub(crate) async fn sign_in(http: &Client, address: &str, name: &str) -> Result<(), Failure> {
    let unreached = |_| Failure::passing(FailureCode::Unreachable);
    let refused = || Failure::new(FailureCode::SignInRefused);
    let response = http.get(address).send().await.map_err(unreached)?;
    if response.status() != StatusCode::OK {
        return Err(refused());
    }
    let page = bounded::bytes(response, bounded::CARD).await.map_err(|_| Failure::passing(FailureCode::Unreachable))?;
    let page = String::from_utf8_lossy(&page);
    let (ticket, resident) = pressed(&page, name).ok_or(Failure::new(FailureCode::NotFound))?;
    let (origin, _) = address.split_once(path::AUTHORIZE).ok_or_else(refused)?;
    let form = [("ticket", ticket), ("resident", resident)];
    let answer = http.post(format!("{origin}{}", path::IDENTITY)).form(&form).send().await.map_err(unreached)?;
    let back = answer.headers().get(header::LOCATION).and_then(|back| back.to_str().ok()).ok_or_else(refused)?;
    http.get(back).send().await.map_err(unreached)?;
    Ok(())
}

/// The page's ticket, and the value of the button that bears a name.
fn pressed(page: &str, name: &str) -> Option<(String, String)> {
    let value = |text: &str| text.split_once("value=\"")?.1.split_once('"').map(|(value, _)| value.to_owned());
    let ticket = value(page.split_once("name=\"ticket\"")?.1)?;
    let wanted = fold(name);
    let mut buttons = page.split("<button ").skip(1);
    let button = buttons.find(|button| {
        let label =
            button.split_once("<b>").and_then(|(_, rest)| rest.split_once("</b>")).map(|(label, _)| fold(label));
        label.is_some_and(|label| label == wanted || label.split(' ').next() == Some(wanted.as_str()))
    })?;
    Some((ticket, value(button)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_button_is_found_by_its_whole_or_its_first_name() {
        let page = r#"<input type="hidden" name="ticket" value="t1"><button name="resident" value="1"><b>Anna Berti</b>…</button>
            <button name="resident" value="2"><b>Annalisa Bo</b></button>"#;
        assert_eq!(pressed(page, "anna"), Some(("t1".into(), "1".into())));
        assert_eq!(pressed(page, "Annalisa  bo"), Some(("t1".into(), "2".into())));
        assert_eq!(pressed(page, "Luca"), None);
        assert_eq!(pressed("nonsense", "Anna"), None);
    }
}
