// SPDX-License-Identifier: MIT OR Apache-2.0
//! Why a file cannot be judged, and what to do instead: for the command line and for the service.

use eds::Unread;

/// A machine word, and what is wrong in Kazakh, Russian and English.
pub type Told = (&'static str, [&'static str; 3]);

const ENCODING: Told = (
    "file-encoding",
    [
        "XML UTF-8 кодтауында емес, мұндайлар оқылмайды; оны UTF-8 түрінде қайта сақтап, бірінші жолында да солай көрсетіңіз: қолтаңба одан бұзылмайды",
        "XML не в кодировке UTF-8, такие не читаются; сохраните его в UTF-8 и укажите это в первой строке: подпись от этого не нарушится",
        "the XML is not in UTF-8, and such are not read; save it as UTF-8 and say so in its first line: the signature is not broken by that",
    ],
);
/// Also of a root that is to be installed.
pub const SEVERAL: Told = (
    "file-several",
    [
        "файлда бірнеше PEM бар, қайсысы керегі белгісіз; әрқайсысын бөлек файлға сақтаңыз",
        "в файле несколько PEM, и неясно, какой из них нужен; сохраните каждый в отдельный файл",
        "the file holds several PEM, and nothing says which is meant; save each to a file of its own",
    ],
);
const NOTED: Told = (
    "file-noted",
    [
        "PEM жанында басқа мәтін тұр, оған қол қойылмаған; «-----BEGIN» пен «-----END» жолдарын және олардың арасын ғана қалдырыңыз",
        "рядом с PEM стоит другой текст, он не подписан; оставьте только строки «-----BEGIN» и «-----END» и то, что между ними",
        "other text stands beside the PEM, and nobody signed it; leave only the lines `-----BEGIN` and `-----END` and what is between them",
    ],
);
const CUT: Told = (
    "file-cut",
    [
        "файлдың соңы жоқ: ол өзінде көрсетілген ұзындықтан қысқа; оны қайта алыңыз",
        "файл обрезан: он короче, чем в нем указано; получите его заново",
        "the file is cut: it is shorter than it says; get it again",
    ],
);
const FOLLOWED: Told = (
    "file-followed",
    [
        "файлдың өзінде көрсетілген соңынан кейін бөгде деректер тұр, оларға қол қойылмаған; файлды қайта алыңыз немесе артығын алып тастаңыз",
        "после конца, который указан в самом файле, стоят посторонние данные, они не подписаны; получите файл заново или уберите лишнее",
        "other data stand behind the end that the file states, and nobody signed them; get the file again, or take them away",
    ],
);
const ENCRYPTED: Told = (
    "file-encrypted",
    [
        "бұл шифрланған файл (CMS немесе S/MIME хаты), оны алушысы ғана өз кілтімен аша алады; оны ашып, ішіндегі қол қойылған файлды көрсетіңіз",
        "это зашифрованный файл (CMS или письмо S/MIME), его открывает только получатель своим ключом; расшифруйте его и назовите подписанный файл, который в нем лежит",
        "this is encrypted (a CMS, or mail by S/MIME), and its recipient alone opens it by his key; decrypt it and name the signed file that lies in it",
    ],
);
const KEY: Told = (
    "file-key",
    [
        "бұл қолтаңба емес, жеке кілт; оны ешкімге жібермеңіз және ешқайда жүктемеңіз: қол қойылған файлды көрсетіңіз",
        "это закрытый ключ, а не подпись; никому его не отправляйте и никуда не загружайте: назовите подписанный файл",
        "this is a private key and no signature; send it to nobody and upload it nowhere: name the file that was signed",
    ],
);
const REQUEST: Told = (
    "file-request",
    [
        "бұл тіркеу куәлігіне өтінім (PKCS#10); куәландырушы орталық ол бойынша берген тіркеу куәлігін көрсетіңіз",
        "это запрос на регистрационное свидетельство (PKCS#10); назовите свидетельство, которое по нему выдал удостоверяющий центр",
        "this is a request for a certificate (PKCS#10); name the certificate that the certification authority issued for it",
    ],
);
const BUNDLE: Told = (
    "file-bundle",
    [
        "бұл тіркеу куәліктерінің немесе тізімдердің жинағы (p7b), онда қолтаңба жоқ; оны evidence арқылы беріп, қол қойылған файлды көрсетіңіз",
        "это набор регистрационных свидетельств или списков (p7b), подписи в нем нет; дайте его через evidence и назовите подписанный файл",
        "this is a bundle of certificates or lists (p7b) without a signature; give it by evidence and name the file that was signed",
    ],
);
const MAIL: Told = (
    "file-mail",
    [
        "бұл S/MIME арқылы қол қойылған хат; пошта бағдарламасынан smime.p7m немесе smime.p7s тіркемесін сақтап, соны көрсетіңіз",
        "это письмо, подписанное по S/MIME; сохраните из почтовой программы вложение smime.p7m или smime.p7s и назовите его",
        "this is mail signed by S/MIME; save the attachment smime.p7m or smime.p7s from the mail program and name that",
    ],
);
const SIGNED_ZIP: Told = (
    "file-signed-zip",
    [
        "бұл ішінде қолтаңбалары бар ZIP (ASiC немесе KalkanCrypt), мұндайлар оқылмайды; оны ашып, META-INF бумасындағы қолтаңбаны көрсетіңіз, ал неге қол қойылғанын content арқылы беріңіз. Егер ол файлдардың хештері бар тізім болса, хештерді файлдармен өзіңіз салыстырыңыз",
        "это ZIP с подписями внутри (ASiC или KalkanCrypt), такие не читаются; распакуйте его, назовите подпись из папки META-INF, а то, что ею подписано, дайте через content. Если это список с хешами файлов, сверьте хеши с файлами сами",
        "this is a ZIP with signatures inside (ASiC or KalkanCrypt), and such are not read; unpack it, name the signature in META-INF and give what it signs by content. Where that is a list of hashes of files, compare the hashes with the files yourself",
    ],
);
const ZIP: Told = (
    "file-zip",
    [
        "бұл ZIP (мұрағат немесе кеңсе бағдарламасының құжаты), мұндайлар оқылмайды; егер ішінде қол қойылған файл болса, мұрағатты ашып, соны көрсетіңіз",
        "это ZIP (архив или документ офисной программы), такие не читаются; если в нем лежит подписанный файл, распакуйте архив и назовите этот файл",
        "this is a ZIP (an archive, or a document of an office program), and such are not read; if a signed file lies in it, unpack it and name that file",
    ],
);

const JSON: Told = (
    "file-json",
    [
        "бұл бағдарламалар алмасатын JSON, қолтаңбаның өзі емес; ішіндегі қолтаңбаны (мысалы, `cms`, `signature` немесе `xml` мәнін) бөлек файлға сақтап, соны көрсетіңіз",
        "это JSON, которым обмениваются программы, а не сама подпись; сохраните подпись из него (например, значение `cms`, `signature` или `xml`) в отдельный файл и назовите его",
        "this is JSON that programs exchange and not the signature itself; save the signature in it (the value of `cms`, `signature` or `xml`, say) to a file of its own and name that",
    ],
);

/// Returns the words.
#[must_use]
pub const fn told(why: &Unread) -> Told {
    match why {
        Unread::Encoding(_) => ENCODING,
        Unread::Several => SEVERAL,
        Unread::Noted => NOTED,
        Unread::Cut => CUT,
        Unread::Followed => FOLLOWED,
        Unread::Encrypted => ENCRYPTED,
        Unread::Key => KEY,
        Unread::Request => REQUEST,
        Unread::Bundle => BUNDLE,
        Unread::Mail => MAIL,
        Unread::SignedZip => SIGNED_ZIP,
        Unread::Zip => ZIP,
        Unread::Json => JSON,
    }
}
