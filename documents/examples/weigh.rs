//! What drawing papers weighs in a program: build it optimised, strip it, look at its size (`ARCHITECTURE.md`, Certificates).

use vicino_documents::CertificatePaper;

fn main() {
    let paper = CertificatePaper { title: String::from("Peso"), person: String::from("Nessuno"), ..Default::default() };
    match paper.pdf(None, chrono::NaiveDate::default()) {
        Ok(pdf) => println!("{} bytes on paper", pdf.len()),
        Err(cause) => println!("{cause}"),
    }
}
