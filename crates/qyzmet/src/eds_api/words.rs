// SPDX-License-Identifier: MIT OR Apache-2.0
//! Why there is no verdict, and what to do instead: a machine word, and a sentence in Kazakh, Russian and English.

use crate::unread::Told;

/// A file of none of the kinds, of which nothing more can be told; at the command line too.
pub const UNKNOWN: Told = (
    "file-unknown",
    [
        "файл қабылданатын түрлердің ешқайсысы емес: CMS, қол қойылған XML немесе PDF, мұрағат, тіркеу куәлігі, уақыт белгісі, OCSP жауабы, қайтарып алу тізімі",
        "файл ни одного из принимаемых видов: CMS, подписанный XML или PDF, архив, регистрационное свидетельство, метка времени, ответ OCSP, список отзыва",
        "the file is none of the kinds that are taken: CMS, signed XML or PDF, archive, certificate, time stamp, OCSP response, revocation list",
    ],
);
/// A file without a byte; at the command line too.
pub const EMPTY: Told = (
    "file-empty",
    ["файл бос; оны қайта алыңыз", "файл пуст; получите его заново", "the file is empty; get it again"],
);
pub(super) const FILE_ABSENT: Told = (
    "file-not-named",
    [
        "`file` жоқ; тексерілетін файлды жіберіңіз",
        "нет `file`; отправьте файл, который проверить",
        "`file` is missing; send the file to be judged",
    ],
);
pub(super) const NOT_BASE64: Told = (
    "file-not-base64",
    [
        "`file` және `content` base64 түрінде жіберіледі",
        "`file` и `content` отправляются в base64",
        "`file` and `content` are sent as base64",
    ],
);
pub(super) const FIELD_UNKNOWN: Told = (
    "field-unknown",
    [
        "өріс екі рет келген, белгісіз немесе түрі басқа; белгілілері: file, content (base64), evidence (base64 тізімдері) және purpose, iin, bin, role, at сөздері",
        "поле указано дважды, неизвестно или не того вида; известны file, content (base64), evidence (списки base64) и слова purpose, iin, bin, role, at",
        "a field comes twice, is not known or is not of its kind; known are file, content (base64), evidence (lists of base64) and the words purpose, iin, bin, role, at",
    ],
);
/// Which of both is meant?
pub(super) const FIELD_TWICE: Told = (
    "field-twice",
    [
        "өріс екі рет келген; әрқайсысын бір рет жіберіңіз",
        "поле указано дважды; отправьте каждое один раз",
        "a field comes twice; send each once",
    ],
);
/// What is demanded is never dropped, and nothing cannot be demanded.
pub(super) const FIELD_EMPTY: Told = (
    "field-empty",
    [
        "өріс бос; сұралмайтынды жібермеңіз",
        "поле пусто; не отправляйте того, что не спрашивается",
        "a field is empty; leave out what is not asked",
    ],
);
pub(super) const FIELDS_TOO_MANY: Told = (
    "fields-too-many",
    [
        "формада өріс тым көп; белгілілерін ғана жіберіңіз",
        "в форме слишком много полей; отправьте только известные",
        "the form has too many fields; send only those that are known",
    ],
);
pub(super) const WORD_NOT_TEXT: Told = (
    "word-not-text",
    [
        "сөз UTF-8 кодтауындағы мәтін емес; оны мәтінмен жіберіңіз",
        "слово — не текст в UTF-8; отправьте его текстом",
        "a word is no text in UTF-8; send it as text",
    ],
);
pub(super) const WORD_TOO_LONG: Told = (
    "word-too-long",
    [
        "сөз тым ұзын; ол 64 таңбадан аспауы керек",
        "слово слишком длинное; в нем может быть не больше 64 знаков",
        "a word is too long; it may have 64 characters",
    ],
);
pub(super) const NO_TIME: Told = (
    "at",
    [
        "`at` — сағаттық белдеуі көрсетілген уақыт, мысалы 2026-11-22T05:00:00Z",
        "`at` — время с поясом, например 2026-11-22T05:00:00Z",
        "`at` is a time with its zone, such as 2026-11-22T05:00:00Z",
    ],
);
pub(super) const EVIDENCE_TOO_MUCH: Told = (
    "evidence-too-much",
    [
        "дәлел тым көп; олардың саны 16-дан аспауы керек",
        "слишком много доказательств; их может быть не больше 16",
        "there is too much evidence; 16 pieces may be given",
    ],
);
pub(super) const NOT_JSON: Told = (
    "request-not-json",
    [
        "сұрау JSON ережесімен жазылмаған; оны түзетіп жіберіңіз",
        "запрос записан не по правилам JSON; исправьте его",
        "the request is no JSON; mend how it is written",
    ],
);
pub(super) const FORM_UNREADABLE: Told = (
    "form-unreadable",
    [
        "форма оқылмайды; оны multipart/form-data түрінде, boundary көрсетіп жіберіңіз",
        "форма не читается; отправьте ее как multipart/form-data и укажите boundary",
        "the form cannot be read; send it as multipart/form-data with its boundary",
    ],
);
pub(super) const MEDIA_TYPE: Told = (
    "media-type",
    [
        "сұрауды application/json немесе multipart/form-data түрінде жіберіңіз",
        "отправьте запрос как application/json или multipart/form-data",
        "send application/json or multipart/form-data",
    ],
);
pub(super) const BROKEN_OFF: Told = (
    "request-broken-off",
    [
        "сұрау үзіліп қалды; оны қайта жіберіңіз",
        "запрос оборвался; отправьте его снова",
        "the request broke off; send it again",
    ],
);
pub(super) const TOO_LARGE: Told = (
    "request-too-large",
    [
        "сұрау 24 мегабайттан үлкен; мұндайлар қабылданбайды",
        "запрос больше 24 мегабайт; такие не принимаются",
        "the request is larger than 24 megabytes; such are not taken",
    ],
);
pub(super) const LATE: Told = (
    "request-late",
    [
        "сұрау тым ұзақ келді; оны қайта жіберіңіз",
        "запрос шел слишком долго; отправьте его снова",
        "the request took too long to arrive; send it again",
    ],
);
pub(super) const TOO_MANY: Told = (
    "requests-too-many",
    [
        "бұл мекенжайдан тым көп сұрау келді; Retry-After көрсеткен уақыттан кейін қайталаңыз",
        "с этого адреса слишком много запросов; повторите через время из Retry-After",
        "too many requests from this address; come again after the time in Retry-After",
    ],
);
pub(super) const TOO_MUCH_AT_ONCE: Told = (
    "requests-at-once",
    [
        "бұл мекенжайдан бір мезгілде тым көп сұрау келді; жауаптарын күтіп, қайталаңыз",
        "с этого адреса слишком много сразу; дождитесь ответов и повторите",
        "too much at once from this address; wait for the answers and come again",
    ],
);
pub(super) const BUSY: Told = (
    "busy",
    [
        "тексеру қызметі қазір бос емес; Retry-After көрсеткен уақыттан кейін қайталаңыз",
        "служба проверки занята; повторите через время из Retry-After",
        "the verifier is busy; come again after the time in Retry-After",
    ],
);
pub(super) const FAILED: Told = (
    "failed",
    [
        "тексеру мүмкін болмады; қызметтің иесіне хабарлаңыз",
        "проверить не удалось; сообщите владельцу службы",
        "judging was not possible; tell whoever runs the service",
    ],
);
