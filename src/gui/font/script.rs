//! Scripts, and the well-known fonts of each on Linux, Windows and macOS, the better first. A new
//! script is one line here.

/// A script, or a group of scripts that a font has together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is a script's own name")]
pub enum Script {
    Arabic,
    Armenian,
    Bengali,
    Devanagari,
    Ethiopic,
    Georgian,
    Gujarati,
    Gurmukhi,
    Hangul,
    Hebrew,
    Kana,
    Kannada,
    Khmer,
    Lao,
    Malayalam,
    Myanmar,
    Oriya,
    Sinhala,
    Symbols,
    Tamil,
    Telugu,
    Thai,
    Tibetan,
    Han,
    Other,
}

/// First and last letter of each script's blocks.
const BLOCKS: &[(u32, u32, Script)] = &[
    (0x0530, 0x058F, Script::Armenian),
    (0x0590, 0x05FF, Script::Hebrew),
    (0x0600, 0x06FF, Script::Arabic),
    (0x0750, 0x077F, Script::Arabic),
    (0x0870, 0x08FF, Script::Arabic),
    (0x0900, 0x097F, Script::Devanagari),
    (0x0980, 0x09FF, Script::Bengali),
    (0x0A00, 0x0A7F, Script::Gurmukhi),
    (0x0A80, 0x0AFF, Script::Gujarati),
    (0x0B00, 0x0B7F, Script::Oriya),
    (0x0B80, 0x0BFF, Script::Tamil),
    (0x0C00, 0x0C7F, Script::Telugu),
    (0x0C80, 0x0CFF, Script::Kannada),
    (0x0D00, 0x0D7F, Script::Malayalam),
    (0x0D80, 0x0DFF, Script::Sinhala),
    (0x0E00, 0x0E7F, Script::Thai),
    (0x0E80, 0x0EFF, Script::Lao),
    (0x0F00, 0x0FFF, Script::Tibetan),
    (0x1000, 0x109F, Script::Myanmar),
    (0x10A0, 0x10FF, Script::Georgian),
    (0x1100, 0x11FF, Script::Hangul),
    (0x1200, 0x139F, Script::Ethiopic),
    (0x1780, 0x17FF, Script::Khmer),
    (0x1C90, 0x1CBF, Script::Georgian),
    (0x2190, 0x2BFF, Script::Symbols),
    (0x2E80, 0x303F, Script::Han),
    (0x3040, 0x30FF, Script::Kana),
    (0x3100, 0x312F, Script::Han),
    (0x3130, 0x318F, Script::Hangul),
    (0x3190, 0x31EF, Script::Han),
    (0x31F0, 0x31FF, Script::Kana),
    (0x3200, 0x9FFF, Script::Han),
    (0xA8E0, 0xA8FF, Script::Devanagari),
    (0xA960, 0xA97F, Script::Hangul),
    (0xAC00, 0xD7FF, Script::Hangul),
    (0xF900, 0xFAFF, Script::Han),
    (0xFB13, 0xFB17, Script::Armenian),
    (0xFB1D, 0xFB4F, Script::Hebrew),
    (0xFB50, 0xFDFF, Script::Arabic),
    (0xFE30, 0xFE4F, Script::Han),
    (0xFE70, 0xFEFC, Script::Arabic),
    (0xFF00, 0xFFEF, Script::Kana),
    (0x1D400, 0x1D7FF, Script::Symbols),
    (0x1EE00, 0x1EEFF, Script::Arabic),
    (0x1F000, 0x1FBFF, Script::Symbols),
    (0x20000, 0x3FFFF, Script::Han),
];

const JAPANESE: &[&str] = &[
    "NotoSansCJK-Regular.ttc",
    "NotoSansCJKjp-Regular.otf",
    "NotoSansJP-Regular.otf",
    "NotoSansJP[wght].ttf",
    "SourceHanSans.ttc",
    "YuGothM.ttc",
    "meiryo.ttc",
    "msgothic.ttc",
    "ヒラギノ角ゴシック W3.ttc",
    "Hiragino Sans GB.ttc",
    "ipaexg.ttf",
    "ipag.ttf",
    "TakaoPGothic.ttf",
    "DroidSansFallbackFull.ttf",
    "DroidSansFallback.ttf",
    "Arial Unicode.ttf",
    "unifont.otf",
];

const CHINESE: &[&str] = &[
    "NotoSansCJK-Regular.ttc",
    "NotoSansCJKsc-Regular.otf",
    "NotoSansSC-Regular.otf",
    "NotoSansSC[wght].ttf",
    "SourceHanSans.ttc",
    "msyh.ttc",
    "simsun.ttc",
    "msjh.ttc",
    "PingFang.ttc",
    "Hiragino Sans GB.ttc",
    "STHeiti Light.ttc",
    "wqy-microhei.ttc",
    "wqy-zenhei.ttc",
    "uming.ttc",
    "DroidSansFallbackFull.ttf",
    "DroidSansFallback.ttf",
    "Arial Unicode.ttf",
    "unifont.otf",
];

const KOREAN: &[&str] = &[
    "NotoSansCJK-Regular.ttc",
    "NotoSansCJKkr-Regular.otf",
    "NotoSansKR-Regular.otf",
    "NotoSansKR[wght].ttf",
    "SourceHanSans.ttc",
    "malgun.ttf",
    "gulim.ttc",
    "AppleSDGothicNeo.ttc",
    "NanumGothic.ttf",
    "UnDotum.ttf",
    "baekmuk_dotum.ttf",
    "DroidSansFallbackFull.ttf",
    "Arial Unicode.ttf",
    "unifont.otf",
];

const SYMBOLS: &[&str] = &[
    "NotoSansSymbols2-Regular.ttf",
    "NotoSansSymbols-Regular.ttf",
    "seguisym.ttf",
    "Apple Symbols.ttf",
    "Symbola.ttf",
    "Symbola_hint.ttf",
    "DejaVuSans.ttf",
    "unifont.otf",
];

const OTHER: &[&str] = &[
    "NotoSans-Regular.ttf",
    "segoeui.ttf",
    "Arial Unicode.ttf",
    "DejaVuSans.ttf",
    "FreeSans.ttf",
    "FreeSerif.ttf",
    "unifont.otf",
];

/// A script of India: Noto's own font, then those that have all of them.
macro_rules! indic {
    ($noto:literal) => {
        &[
            $noto,
            "Nirmala.ttc",
            "Nirmala.ttf",
            "Kohinoor.ttc",
            "Arial Unicode.ttf",
            "FreeSans.ttf",
            "FreeSerif.ttf",
            "unifont.otf",
        ]
    };
}

impl Script {
    /// The script that a letter is of.
    pub fn of(letter: char) -> Script {
        let code = u32::from(letter);
        let blocks = BLOCKS.iter();
        let mut holds = blocks.filter(|(first, last, _)| (*first..=*last).contains(&code));
        holds.next().map_or(Script::Other, |(_, _, script)| *script)
    }

    /// The files of its fonts, the better first.
    pub fn fonts(self) -> &'static [&'static str] {
        match self {
            Script::Arabic => &[
                "NotoSansArabic-Regular.ttf",
                "NotoSansArabicUI-Regular.ttf",
                "NotoSansArabic[wdth,wght].ttf",
                "NotoNaskhArabic-Regular.ttf",
                "segoeui.ttf",
                "GeezaPro.ttc",
                "DejaVuSans.ttf",
                "KacstOne.ttf",
                "Arial Unicode.ttf",
            ],
            Script::Armenian => &[
                "NotoSansArmenian-Regular.ttf",
                "sylfaen.ttf",
                "DejaVuSans.ttf",
                "Mshtakan.ttc",
            ],
            Script::Bengali => indic!("NotoSansBengali-Regular.ttf"),
            Script::Devanagari => indic!("NotoSansDevanagari-Regular.ttf"),
            Script::Ethiopic => &[
                "NotoSansEthiopic-Regular.ttf",
                "ebrima.ttf",
                "Kefa.ttc",
                "abyssinica.ttf",
            ],
            Script::Georgian => &[
                "NotoSansGeorgian-Regular.ttf",
                "sylfaen.ttf",
                "DejaVuSans.ttf",
                "Arial Unicode.ttf",
            ],
            Script::Gujarati => indic!("NotoSansGujarati-Regular.ttf"),
            Script::Gurmukhi => indic!("NotoSansGurmukhi-Regular.ttf"),
            Script::Hangul => KOREAN,
            Script::Hebrew => &[
                "NotoSansHebrew-Regular.ttf",
                "NotoSansHebrew[wdth,wght].ttf",
                "segoeui.ttf",
                "ArialHB.ttc",
                "DejaVuSans.ttf",
                "FreeSans.ttf",
                "Arial Unicode.ttf",
            ],
            Script::Kana => JAPANESE,
            Script::Kannada => indic!("NotoSansKannada-Regular.ttf"),
            Script::Khmer => &[
                "NotoSansKhmer-Regular.ttf",
                "leelawui.ttf",
                "KhmerUI.ttf",
                "Khmer Sangam MN.ttf",
            ],
            Script::Lao => &[
                "NotoSansLao-Regular.ttf",
                "leelawui.ttf",
                "LaoUI.ttf",
                "Lao Sangam MN.ttf",
                "DejaVuSans.ttf",
            ],
            Script::Malayalam => indic!("NotoSansMalayalam-Regular.ttf"),
            Script::Myanmar => &[
                "NotoSansMyanmar-Regular.ttf",
                "mmrtext.ttf",
                "Myanmar Sangam MN.ttf",
            ],
            Script::Oriya => indic!("NotoSansOriya-Regular.ttf"),
            Script::Sinhala => indic!("NotoSansSinhala-Regular.ttf"),
            Script::Symbols => SYMBOLS,
            Script::Tamil => indic!("NotoSansTamil-Regular.ttf"),
            Script::Telugu => indic!("NotoSansTelugu-Regular.ttf"),
            Script::Thai => &[
                "NotoSansThai-Regular.ttf",
                "NotoSansThaiUI-Regular.ttf",
                "leelawui.ttf",
                "tahoma.ttf",
                "Thonburi.ttc",
                "Loma.ttf",
                "Garuda.ttf",
            ],
            Script::Tibetan => &[
                "NotoSerifTibetan-Regular.ttf",
                "NotoSansTibetan-Regular.ttf",
                "himalaya.ttf",
                "Kailasa.ttc",
            ],
            Script::Han => CHINESE,
            Script::Other => OTHER,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Script;

    #[test]
    fn letters_are_of_their_scripts() {
        for (letter, script) in [
            ('ش', Script::Arabic),
            ('ש', Script::Hebrew),
            ('ह', Script::Devanagari),
            ('日', Script::Han),
            ('の', Script::Kana),
            ('한', Script::Hangul),
            ('ไ', Script::Thai),
            ('🦀', Script::Symbols),
            ('ᚠ', Script::Other),
        ] {
            assert_eq!(Script::of(letter), script, "{letter}");
            assert!(!script.fonts().is_empty());
        }
    }
}
