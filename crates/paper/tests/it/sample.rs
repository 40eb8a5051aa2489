// SPDX-License-Identifier: MIT OR Apache-2.0
//! A guardianship certificate of invented people.

use jiff::civil::date;
use service::paper_spec::{
    Bilingual, Block, Capacity, Issuer, Mark, PaperLanguage, PaperSpec, PaperTable, SignLine, SignedHow,
    electronic_document_footer,
};

/// An invented name with every letter that Kazakh has and Russian has not.
pub(crate) const LONG_NAME: &str = "Һамитқызы-Өтеғұлова Ғазизагүлжаһан-Әсеміңкәр Әбдіқадырқожақызы";
pub(crate) const CHECK_URL: &str = "https://qyzmet.example/verify/0f8c2b6de1a94c7793d5a2c4b8e6f013";

pub(crate) fn text(kk: &str, ru: &str) -> Bilingual {
    Bilingual::new(kk, ru)
}

fn field(label: Bilingual, value: Bilingual) -> Block {
    Block::Field { label, value }
}

pub(crate) fn eds_line() -> Block {
    Block::Sign(SignLine {
        position: text("Бөлім басшысы", "Руководитель отдела"),
        name: "Сәрсенбаева Ә. Қ.".into(),
        capacity: Capacity::InPost,
        how: SignedHow::Eds { on: date(2026, 11, 21) },
    })
}

pub(crate) fn hand_line() -> Block {
    Block::Sign(SignLine {
        position: text("Бөлім басшысы", "Руководитель отдела"),
        name: "Ыбыраев Ұ. Ң.".into(),
        capacity: Capacity::Acting {
            order: text("2026 жылғы 3 ақпандағы № 7", "от 3 февраля 2026 года № 7"),
        },
        how: SignedHow::ByHandAndSeal,
    })
}

fn children(count: usize) -> PaperTable {
    let row = |number: usize| {
        let cells = [
            format!("Үлгі Іңкәр Қуанышұлы {number}"),
            "01.02.2015".to_owned(),
            format!("15020150001{number}"),
        ];
        cells.map(Bilingual::same).to_vec()
    };
    PaperTable {
        columns: vec![
            text(
                "Баланың тегі, аты, әкесінің аты (бар болса)",
                "Фамилия, имя, отчество (при наличии) ребенка",
            ),
            text("Туған күні", "Дата рождения"),
            text("ЖСН", "ИИН"),
        ],
        rows: (1..=count).map(row).collect(),
    }
}

fn person() -> Vec<Block> {
    vec![
        field(
            text("Қорғаншының тегі, аты, әкесінің аты", "Фамилия, имя, отчество опекуна"),
            Bilingual::same(LONG_NAME),
        ),
        field(text("ЖСН", "ИИН"), Bilingual::same("850101450015")),
        field(
            text("Мекенжайы", "Адрес"),
            text(
                "Солтүстік Қазақстан облысы, Жамбыл ауданы, Пресновка ауылы, Үлгі көшесі, 12-үй",
                "Северо-Казахстанская область, Жамбылский район, село Пресновка, улица Улги, дом 12",
            ),
        ),
        field(
            text("Тағайындау туралы акт", "Акт о назначении"),
            text(
                "Жамбыл ауданы әкімдігінің 2024 жылғы 5 наурыздағы № 48 қаулысы",
                "Постановление акимата Жамбылского района от 5 марта 2024 года № 48",
            ),
        ),
        field(text("Жәрдемақы", "Пособие"), Bilingual::same("43\u{a0}250\u{a0}₸")),
    ]
}

pub(crate) fn certificate(children: usize, sign: Block) -> PaperSpec {
    let mut blocks = vec![Block::Text(text(
        "Осы анықтама төменде аталған азаматқа ол балаларға қорғаншы болып тағайындалғаны туралы берілді.",
        "Настоящая справка выдана нижеуказанному гражданину в том, что он назначен опекуном детей.",
    ))];
    blocks.extend(person());
    blocks.push(Block::Table(self::children(children)));
    blocks.push(Block::Text(text(
        "Қорғаншыға балалардың тәрбиесі, денсаулығы, құқықтары мен мүдделерін қорғау міндеттері жүктеледі.",
        "На опекуна возлагаются обязанности по воспитанию детей, заботе об их здоровье, защите их прав и интересов.",
    )));
    blocks.push(sign);
    blocks.push(Block::Qr {
        url: CHECK_URL.into(),
        alt: text("QR-код: құжатты тексеру мекенжайы", "QR-код: адрес проверки документа"),
        caption: text(
            "Құжаттың түпнұсқалығын QR-код арқылы тексеріңіз.",
            "Подлинность документа можно проверить по QR-коду.",
        ),
    });
    PaperSpec {
        id: "paper-sample-417".into(),
        language: PaperLanguage::Both,
        issuer: Issuer {
            name: text(
                "«Жамбыл ауданының білім бөлімі» мемлекеттік мекемесі",
                "Государственное учреждение «Отдел образования Жамбылского района»",
            ),
            address: Some(text(
                "Солтүстік Қазақстан облысы, Пресновка ауылы",
                "Северо-Казахстанская область, село Пресновка",
            )),
        },
        title: text(
            "Қорғаншылық және қамқоршылық белгілеу туралы анықтама",
            "Справка об установлении опеки или попечительства",
        ),
        number: Some("593620100-2026-000417".into()),
        date: date(2026, 11, 21),
        made_at: "2026-11-21T09:05:00Z".parse().unwrap(),
        marks: vec![Mark::Simulated, Mark::AssumedForm],
        blocks,
        footer: Some(electronic_document_footer()),
    }
}
