// SPDX-License-Identifier: MIT OR Apache-2.0
//! Canonical form, compared with libxml2.

use std::fmt::Write as _;

use super::tools::run;
use crate::algorithm::DigestAlgorithm;
use crate::xml::c14n::Selected;
use crate::xml::{CANONICAL_BYTES_MAX, Canon, Error, canonicalize, tree};

/// Documents written to hit each rule of the canonical forms.
const CORPUS: &[&str] = &[
    "<a/>",
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a/>\n",
    "<?xml version=\"1.0\"?><?go  left right ?><!-- one --><a/><!-- two --><?stop?>",
    "<a>  text\t<b/>\n</a>",
    "<a b='1' a=\"2\" A='3'/>",
    "<a xmlns:z='urn:a' xmlns:b='urn:z' b:x='1' z:x='2' x='3'/>",
    "<a xmlns='urn:1'><b xmlns=''><c xmlns='urn:1'/></b></a>",
    "<a xmlns=''><b xmlns='urn:2'/></a>",
    "<p:a xmlns:p='urn:p' xmlns:q='urn:q'><p:b xmlns:p='urn:p'><q:c/></p:b></p:a>",
    "<p:a xmlns:p='urn:p'><p:b xmlns:p='urn:p2'><p:c xmlns:p='urn:p'/></p:b></p:a>",
    "<a xmlns='urn:d' xmlns:x='urn:x'><b x:k='v'/><x:c k='v' xmlns:y='urn:y'/></a>",
    "<a>&lt;&gt;&amp;&quot;&apos;&#13;&#10;&#9;&#x20AC;</a>",
    "<a v='&lt;&gt;&amp;&quot;&apos;&#13;&#10;&#9;&#x20AC;'/>",
    "<a v='one\ttwo\nthree\r\nfour\rfive  six '/>",
    "<a>one\r\ntwo\rthree\n&#13;\nfour&#13;</a>",
    "<a><![CDATA[<b> & ]] \r\n > ]]>tail<![CDATA[]]></a>",
    "<a>x<![CDATA[y]]>z&amp;<![CDATA[&amp;]]></a>",
    "<a><!-- com\r\nment -->x<!----></a>",
    "<a><?target   value\r\nmore ?><?empty?></a>",
    "<a xml:lang='kk' xml:space='preserve'><b xml:lang='ru'/></a>",
    "<қыз атр='мән' xmlns='urn:kz'>Өңделуде ұ</қыз>",
    "<a xmlns:x='urn:x' xmlns:w='urn:w' w:z='1' x:a='2' b='3' w:a='4'/>",
    "<a b=\"'\" c='\"'>'\"</a>",
    "<a><b></b><b/><b />\n\n<b\n/></a>",
    "\u{feff}<a>\u{10348}</a>",
    "<a x:b='1' xmlns:x='urn:x'><c xmlns:x='urn:y' x:b='2'/><d x:b='3'/></a>",
    "<soap:E xmlns:soap='urn:s' xmlns:unused='urn:u'><soap:B><m xmlns='urn:m'><n xmlns=''>t</n></m></soap:B></soap:E>",
    "<a xml:id='q' id='w' xmlns:xml='http://www.w3.org/XML/1998/namespace'></a>",
    "<a\u{20}b = '1'\n\tc\n=\n'2' ></a >",
];

/// Each form with the words that ask libxml2 for it: exclusive, with comments.
const FORMS: [(Canon, &str); 4] = [
    (Canon::Inclusive, "0 0"),
    (Canon::InclusiveWithComments, "0 1"),
    (Canon::Exclusive, "1 0"),
    (Canon::ExclusiveWithComments, "1 1"),
];
/// Generated documents.
const DOCUMENTS: u64 = 10_000;
/// Documents asked about at once.
const BATCH: usize = 500;

/// Reads questions (`exclusive comments prefixes length`, then so many bytes) and answers each with a length and bytes.
const LIBXML: &str = r"
import sys
from lxml import etree
take, give = sys.stdin.buffer, sys.stdout.buffer
parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
while line := take.readline():
    exclusive, comments, prefixes, length = line.split()
    tree = etree.fromstring(take.read(int(length)), parser).getroottree()
    listed = [it.decode() for it in prefixes.split(b',') if it != b'-'] or None
    out = etree.tostring(tree, method='c14n', exclusive=exclusive == b'1', with_comments=comments == b'1',
                         inclusive_ns_prefixes=listed)
    give.write(b'%d\n' % len(out) + out)
";

/// A document, a form, and a list of prefixes (with which only the root element is taken).
type Question<'a> = (&'a str, (Canon, &'a str), &'a [&'a str]);

fn ours((document, (canon, _), prefixes): Question<'_>) -> Vec<u8> {
    if prefixes.is_empty() {
        return canonicalize(document.as_bytes(), canon).unwrap();
    }
    let doc = tree::parse(document).unwrap();
    let selected = Selected { prefixes, ..Selected::element(doc.root_element(), canon) };
    selected.bytes(CANONICAL_BYTES_MAX).unwrap()
}

/// Asks libxml2 about many documents at once and compares.
fn assert_same_as_libxml(questions: &[Question<'_>]) {
    let mut asked = Vec::new();
    for (document, (_, words), prefixes) in questions {
        let listed = if prefixes.is_empty() { "-".to_owned() } else { prefixes.join(",") };
        asked.extend(format!("{words} {listed} {}\n{document}", document.len()).into_bytes());
    }
    let python = std::env::var("QYZMET_PYHANKO").unwrap_or_else(|_| "python3".to_owned());
    let said = run(&python, &["-c", LIBXML], &asked);
    assert!(said.status.success(), "{} (lxml: `make setup`)", String::from_utf8_lossy(&said.stderr));
    let mut rest = said.stdout.as_slice();
    for question in questions {
        let end = rest.iter().position(|it| *it == b'\n').unwrap();
        let length: usize = std::str::from_utf8(&rest[..end]).unwrap().parse().unwrap();
        let theirs = &rest[end + 1..end + 1 + length];
        rest = &rest[end + 1 + length..];
        let ours = ours(*question);
        let text = String::from_utf8_lossy;
        assert_eq!(text(&ours), text(theirs), "{:?} {:?} of {:?}", question.1.0, question.2, question.0);
    }
}

#[test]
fn canonical_form_is_that_of_libxml_on_the_corpus() {
    let all = CORPUS.iter().flat_map(|document| FORMS.map(|form| (*document, form, &[][..])));
    assert_same_as_libxml(&all.collect::<Vec<_>>());
}

#[test]
fn canonical_form_is_that_of_libxml_on_ten_thousand_documents() {
    let mut random = Random(20_261_121);
    let documents: Vec<(String, bool)> = (0..DOCUMENTS).map(|_| random.document()).collect();
    let mut compared = 0;
    for batch in documents.chunks(BATCH) {
        let mut questions: Vec<Question<'_>> = Vec::new();
        for (document, is_bare) in batch {
            questions.extend(FORMS.map(|form| (document.as_str(), form, &[][..])));
            if *is_bare {
                let lists: [&[&str]; 3] = [&["p", "q"], &["r", "unknown"], &["q", "r", "p", "xml"]];
                let listed = lists[usize::try_from(random.below(3)).unwrap()];
                questions.push((document, FORMS[usize::try_from(2 + random.below(2)).unwrap()], listed));
            }
        }
        compared += questions.len();
        assert_same_as_libxml(&questions);
    }
    println!("{compared} comparisons of {DOCUMENTS} documents");
    assert!(compared > 45_000);
}

#[test]
fn canonical_form_without_comments_differs_only_in_the_comments() {
    let with = "<!-- 1 --><a>x<!-- 2 -->y<?p?></a><!-- 3 -->";
    let plain = canonicalize(with.as_bytes(), Canon::Inclusive).unwrap();
    assert_eq!(String::from_utf8(plain).unwrap(), "<a>xy<?p?></a>");
    let plain = canonicalize(with.as_bytes(), Canon::Exclusive).unwrap();
    assert_eq!(String::from_utf8(plain).unwrap(), "<a>xy<?p?></a>");
}

#[test]
fn digest_piece_by_piece_is_that_of_the_canonical_bytes() {
    let long = format!("<a b='{0}'>{0}<!--{0}--><?p {0}?></a>", "мәтін \r\n&amp;".repeat(8_000));
    for document in CORPUS.iter().copied().chain([long.as_str()]) {
        let doc = tree::parse(document).unwrap();
        for (canon, _) in FORMS {
            for selected in [Selected::document(&doc, canon), Selected::element(doc.root_element(), canon)] {
                let bytes = selected.bytes(CANONICAL_BYTES_MAX).unwrap();
                for algorithm in [DigestAlgorithm::Sha256, DigestAlgorithm::Streebog512] {
                    let found = selected.digest(algorithm, bytes.len()).unwrap();
                    assert_eq!(found, (algorithm.digest(&bytes), bytes.len()), "{canon:?} of {document:.90}");
                }
                // Exactly so many, and not one less.
                let less = bytes.len() - 1;
                assert_eq!(selected.bytes(bytes.len()).unwrap(), bytes);
                assert_eq!(selected.bytes(less), Err(Error::TooLarge), "{document:.90}");
                assert_eq!(selected.digest(DigestAlgorithm::Sha256, less), Err(Error::TooLarge));
            }
        }
    }
}

#[test]
fn a_form_that_grows_beyond_the_bound_is_not_written() {
    let name = format!("urn:{}", "n".repeat(4092));
    let document = |name: &str| format!("<d xmlns:a='{name}'>{}</d>", "<a:b/>".repeat(40_000));
    let grown = document(&name);
    assert!(grown.len() < 300_000);
    assert_eq!(canonicalize(grown.as_bytes(), Canon::Exclusive), Err(Error::TooLarge));
    canonicalize(grown.as_bytes(), Canon::Inclusive).unwrap();
    canonicalize(document("urn:a").as_bytes(), Canon::Exclusive).unwrap();
    // What is no name of a namespace may be as long as the document.
    let longer = format!("{name}n");
    let code = |it: String| {
        canonicalize(it.as_bytes(), Canon::Exclusive).map_or_else(|it| it.code(), |_| "accepted")
    };
    assert_eq!(code(document(&longer)), "too-many");
    assert_eq!(code(format!("<d xmlns = '{longer}'/>")), "too-many");
    assert_eq!(code(format!("<xmlns b='{longer}' a-xmlns='{longer}'/>")), "accepted");
}

/// `xmllint` writes `&` of a namespace name as it is, which is not XML; the standard wants it as in an attribute.
#[test]
fn ampersand_in_a_namespace_name_is_escaped() {
    let canonical = canonicalize(b"<a xmlns:x='urn:&amp;x'/>", Canon::Inclusive).unwrap();
    assert_eq!(String::from_utf8(canonical).unwrap(), "<a xmlns:x=\"urn:&amp;x\"></a>");
}

#[test]
fn each_form_is_found_by_its_own_name() {
    for canon in
        [Canon::Inclusive, Canon::InclusiveWithComments, Canon::Exclusive, Canon::ExclusiveWithComments]
    {
        assert_eq!(Canon::from_uri(canon.uri()), Some(canon));
    }
    assert_eq!(Canon::from_uri("http://www.w3.org/2006/12/xml-c14n11"), None);
}

/// A small generator of documents with a fixed seed.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % bound
    }

    fn of<'a>(&mut self, options: &[&'a str]) -> &'a str {
        options[usize::try_from(self.below(options.len() as u64)).unwrap()]
    }

    /// Returns a document, and whether nothing stands beside its root.
    fn document(&mut self) -> (String, bool) {
        let mut document = String::new();
        let is_bare = self.below(2) == 0;
        if !is_bare {
            document.push_str(self.of(&[
                "",
                "\u{feff}",
                "<?xml version=\"1.0\"?>",
                "<?xml version='1.0' encoding='UTF-8'?>\r\n",
                "<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\" ?>",
            ]));
            self.prolog(&mut document);
        }
        self.element(&mut document, 0, &mut vec!["p"]);
        if !is_bare {
            self.prolog(&mut document);
        }
        (document, is_bare)
    }

    fn prolog(&mut self, out: &mut String) {
        for _ in 0..self.below(4) {
            out.push_str(self.of(&[
                "<!-- c\r\n -->",
                "<?pi some  text?>",
                "\n",
                "<?pi?>",
                "<!---->",
                " \t\r\n",
                "<?қол  \r\n қою ?>",
                "<!--\u{1f600}&amp;<a>-->",
            ]));
        }
    }

    fn declarations(&mut self, depth: u32, scope: &mut Vec<&'static str>) -> String {
        let mut declarations = String::new();
        if depth == 0 {
            declarations.push_str(" xmlns:p='urn:p0'");
        } else if self.below(5) == 0 {
            // The same once more, or another under the same prefix.
            let name = self.of(&["urn:p0", "urn:p0", "urn:1", "urn:p9"]);
            write!(declarations, " xmlns:p=\"{name}\"").unwrap();
        }
        for prefix in ["", "q", "r"] {
            if self.below(4) == 0 {
                let name = self.of(&[
                    "urn:1",
                    "urn:2",
                    "urn:a;b",
                    "urn:3",
                    "http://x.invalid/a?b='c'",
                    "urn:k%D2%9B",
                ]);
                let key = if prefix.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{prefix}") };
                write!(declarations, " {key}=\"{name}\"").unwrap();
                scope.push(prefix);
            } else if prefix.is_empty() && self.below(5) == 0 {
                declarations.push_str(" xmlns=''");
            }
        }
        if self.below(9) == 0 {
            declarations.push_str(" xmlns:xml='http://www.w3.org/XML/1998/namespace'");
        }
        declarations
    }

    fn attributes(&mut self, scope: &[&'static str]) -> String {
        let mut attributes = Vec::new();
        for local in ["b", "a", "C", "ә", "a-b", "a.b"] {
            if self.below(4) == 0 {
                let value = self.of(&[
                    "v",
                    "",
                    "a&#13;b",
                    "x\ty\r\nz",
                    "&lt;&quot;&amp;&gt;",
                    "ұ",
                    "  ",
                    "&#9;&#10;&#xD;",
                    ">",
                    "\u{10348}&#x1F600;",
                    "a\rb\n\r",
                    "&apos;'",
                    "]]>",
                    "\u{85}\u{2028}\u{a0}",
                ]);
                attributes.push(format!("{}=\"{value}\"", self.name(scope, local)));
            }
        }
        for (one, value) in [("xml:lang", "kk"), ("xml:space", "preserve"), ("xml:base", "urn:b")] {
            if self.below(9) == 0 {
                attributes.push(format!("{one}='{value}'"));
            }
        }
        if self.below(9) == 0 {
            attributes.push(format!("xml:id='i{}'", self.below(u64::MAX)));
        }
        match self.below(3) {
            0 => attributes.reverse(),
            1 => attributes.sort(),
            _ => {}
        }
        let spaced = attributes.iter().map(|it| [self.of(&[" ", "\n", "\t ", "\r\n"]), it].concat());
        spaced.collect::<Vec<_>>().concat()
    }

    fn element(&mut self, out: &mut String, depth: u32, scope: &mut Vec<&'static str>) {
        let outer = scope.len();
        let declarations = self.declarations(depth, scope);
        let local = self.of(&["el", "b", "Өтініш", "a-b.c"]).to_owned();
        let name = self.name(scope, &local);
        let attributes = self.attributes(&scope.clone());
        let both = if self.below(2) == 0 { attributes + &declarations } else { declarations + &attributes };
        let space = self.of(&["", " ", "\n"]);
        if self.below(5) == 0 {
            write!(out, "<{name}{both}{space}/>").unwrap();
            scope.truncate(outer);
            return;
        }
        write!(out, "<{name}{both}{space}>").unwrap();
        for _ in 0..self.below(5) {
            if depth < 6 && self.below(2) == 0 {
                self.element(out, depth + 1, scope);
            } else {
                out.push_str(self.of(&[
                    "text",
                    "\r\n",
                    "&#13;",
                    "&amp;&lt;",
                    "<![CDATA[<&>]]>",
                    "<!--c-->",
                    "<?p i?>",
                    "Өң",
                    "]]",
                    "a\rb",
                    "&gt;&quot;&apos;'\"",
                    "\u{10348}&#x10FFFD;&#128512;",
                    "<![CDATA[]]><![CDATA[\r\n]]]>",
                    "\t \n",
                    "<!--\r-->",
                    "<?p?>",
                    "\u{85}\u{2028}\u{a0}",
                    "&#xA;&#x9;",
                ]));
            }
        }
        write!(out, "</{name}{space}>").unwrap();
        scope.truncate(outer);
    }

    fn name(&mut self, scope: &[&'static str], local: &str) -> String {
        let prefix = scope[usize::try_from(self.below(scope.len() as u64)).unwrap()];
        if prefix.is_empty() || self.below(2) == 0 { local.to_owned() } else { format!("{prefix}:{local}") }
    }
}
