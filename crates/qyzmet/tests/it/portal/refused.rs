// SPDX-License-Identifier: MIT OR Apache-2.0
//! An attempt that was refused: what its pages tell, and that they lead back to the draft as long as it is there.

use super::{CITIZEN, NOON, base64, begun, form_and, send, signed};
use crate::browser::Browser;
use crate::road::{Road, sign};
use crate::unjudged::{STRANGER, ghost};
use simulators::ca::DevCa;

const WAY_BACK: &str = "Басқа кілтпен қайта қол қою";
const KEPT: &str = "Өтінішіңіз сақталды";
const ANEW: &str = "Қайта өтініш беру";

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_attempt_is_told_as_one_and_leads_back_to_its_draft_until_that_is_sent() {
    let road = Road::open(NOON).await;
    let mut browser = Browser::new(&road);
    browser.sign_in(CITIZEN).await;
    let draft = begun(&mut browser).await;
    browser.post(&draft, &form_and(("do", "next"))).await;
    let form = signed(&road, &mut browser, &draft, "other-iin").await;
    let sent = send(&mut browser, &draft, &form).await;
    let case = sent.to.trim_end_matches("/sent").to_owned();
    assert!(sent.to.ends_with("/sent"), "{}", sent.to);
    for address in ["", "/progress", "/sent"] {
        let page = browser.get(&format!("{case}{address}")).await;
        page.says(&format!("href=\"{draft}/review\""));
        page.says(WAY_BACK);
        page.says(KEPT);
        page.says("Қолдау қызметіне айтылатын код: iin-mismatch");
        // The act has no words of the notice: what is quoted is told to be its words of the step, with the clause.
        page.says("Акт бұл қадамды былай сипаттайды");
        page.says("11.7");
    }
    assert_eq!(browser.get(&sent.to).await.text.matches("Өтініш жіберілген жоқ.").count(), 0);
    let page = browser.get(&case).await;
    page.says("Қол қойылған уақыты");
    page.says("Шарт орындалмады");
    page.says("ЖСН 580308499930");
    assert!(!page.text.contains("БӨТЕН"), "whose key it is is not called the applicant");
    let (_, failed) = page.text.split_once("q-timeline__step--stopped").expect("the check that failed");
    let (failed, _) = failed.split_once("</li>").expect("its end");
    assert!(!failed.contains("Орындалды") && !failed.contains('✓'), "{failed}");
    let history = browser.get("/kk/cabinet/history").await;
    for words in ["Жіберілген жоқ: ЭЦҚ расталмады", "Жіберілмеген өтініш, 23.11.2026"]
    {
        history.says(words);
    }
    assert!(
        history.text.contains("data-column=\"Берілген күні\"></td>"),
        "what was not filed has no date of filing"
    );
    let mut stranger = Browser::new(&road);
    stranger.sign_in("680303499904").await;
    assert!(!stranger.get(&sent.to).await.text.contains(&draft));

    let form = signed(&road, &mut browser, &draft, "p01").await;
    let sent = send(&mut browser, &draft, &form).await;
    let became = format!("href=\"{}\"", sent.to.trim_end_matches("/sent"));
    for address in ["", "/progress", "/sent"] {
        let page = browser.get(&format!("{case}{address}")).await;
        page.says(&became);
        for words in [WAY_BACK, ANEW, KEPT] {
            assert!(!page.text.contains(words), "what was sent is not signed once more: {words}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whose_key_an_unknown_authority_issued_reads_its_name() {
    let road = Road::open(NOON).await;
    let mut browser = Browser::new(&road);
    browser.sign_in(CITIZEN).await;
    let draft = begun(&mut browser).await;
    browser.post(&draft, &form_and(("do", "next"))).await;
    let mut form = signed(&road, &mut browser, &draft, "p01").await;
    let (folder, now) = (tempfile::tempdir().expect("a folder"), road.demo.portal.now());
    let other = DevCa::create_or_load(folder.path(), now, &[ghost(CITIZEN)]).expect("an authority");
    let xml = browser.get(&format!("{draft}/application.xml")).await;
    form[2].1 = base64(&sign(&other, STRANGER, eds::sha256(&xml.bytes), now));
    let sent = send(&mut browser, &draft, &form).await;
    for address in [&*sent.to, sent.to.trim_end_matches("/sent")] {
        let page = browser.get(address).await;
        page.says("chain-untrusted");
        let (_, name) = page.text.split_once("Куәлікте көрсетілген орталық: ").expect("the authority");
        let (name, _) = name.split_once('<').expect("its end");
        assert!(name.starts_with("ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ") && !name.contains("C=KZ"), "{name}");
    }
}
