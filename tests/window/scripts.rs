//! Mail in other scripts than Latin, where the machine has fonts for them: no box stands for a
//! letter, and right-to-left runs are in the order in which they are read, numbers within them too.

use super::everywhere::{Window, ask};
use super::fits::texts;
use super::hostile::mailbox;
use super::place::{SIZE, drawn};
use postsweep::gui::font::Script;
use postsweep::gui::state::{Page, review};
use postsweep::gui::{Command, Intent, Start};
use postsweep::platform;

const MAIL: [(&str, &str); 15] = [
    (
        "田中 太郎 (Tanaka)",
        "【重要】アカウントのご確認 No. 4471 – 至急",
    ),
    (
        "王小明 Wang",
        "您的账户已被冻结：请在24小时内验证 account@bank",
    ),
    ("陳大文", "您的賬戶已被凍結，請立即登入"),
    ("김민수 Kim", "긴급: 비밀번호가 3일 후 만료됩니다 (Gmail)"),
    ("محمد علي", "تنبيه: سيتم إغلاق حسابك خلال 24 ساعة"),
    (
        "Bank بنك الراجحي",
        "Re: فاتورة رقم 12345 (عاجل) من PayPal اليوم",
    ),
    (
        "דוד כהן",
        "חשבון מספר 4471: תשלום של 250.50 ₪ עד 31/12/2026",
    ),
    ("Israel Post דואר", "Fwd: החבילה שלך (RR123456789IL) ממתינה"),
    (
        "علی رضایی",
        "حساب شما امروز مسدود می‌شود؛ لطفاً همین امروز برای تأیید هویت خود اقدام کنید",
    ),
    (
        "राजेश कुमार",
        "आपका खाता 24 घंटे में बंद हो जाएगा - तुरंत कार्रवाई करें",
    ),
    ("สมชาย ใจดี", "บัญชีของคุณถูกระงับ กรุณายืนยันภายใน 24 ชั่วโมง"),
    ("রহিম উদ্দিন", "আপনার অ্যাকাউন্ট বন্ধ হয়ে যাবে"),
    (
        "Ирина Ωμέγα",
        "Ваш аккаунт заблокирован — Ο λογαριασμός σας",
    ),
    ("🎁 Lucky 👩‍💻", "🎉 You won 💰 $1,000,000 ❤️ 👍🏽 🇩🇪"),
    (
        "Գևորգ თამარ",
        "Ձեր հաշիվը · თქვენი ანგარიში · ការជូនដំណឹង · የእርስዎ",
    ),
];

/// Whether the machine has fonts for it; Latin, Greek, Cyrillic and pictures are the window's own.
fn can_be_shown(text: &str) -> bool {
    let scripts = text.chars().map(Script::of);
    let mut others = scripts.filter(|script| !matches!(script, Script::Other | Script::Symbols));
    others.all(|script| platform::font(script.fonts()).is_some())
}

/// Shows the hit whose subject begins so, and is what it returns; `None` without a font for it.
fn open(window: &mut Window, begins: &str) -> Option<String> {
    let number = window.state().state().review.table.len();
    (0..number).find_map(|position| {
        ask(window, Intent::Review(review::Ask::Select(position)));
        let subject = window.state().state().review.row()?.subject.to_string();
        subject.starts_with(begins).then_some(subject)
    })
}

/// What is painted whose first line begins so at the right.
fn painted(window: &Window, word: &str) -> Vec<String> {
    let painted = texts(window).into_iter();
    let of_it = painted.filter(|text| text.lines().next().is_some_and(|line| line.ends_with(word)));
    of_it.collect()
}

#[test]
fn every_script_is_shown_without_a_box_and_read_from_its_side() {
    let mail = MAIL.iter().filter(|(name, subject)| {
        let is_shown = can_be_shown(name) && can_be_shown(subject);
        if !is_shown {
            println!("no font on this machine for {subject}");
        }
        is_shown
    });
    let hits: Vec<(String, String)> = mail
        .map(|(name, subject)| ((*name).to_owned(), (*subject).to_owned()))
        .collect();
    assert!(hits.len() >= 2, "Cyrillic and pictures need no other font");
    let place = mailbox(&hits);
    let (mut window, textures) = drawn(Start::of(place.places()), SIZE, 1.5);
    ask(&mut window, Command::Sweep);
    ask(&mut window, Command::Go(Page::Review));
    assert_eq!(window.state().state().review.table.len(), hits.len());
    // A letter without a glyph ends the test here: the harness draws no boxes.
    for position in 0..hits.len() {
        ask(&mut window, Intent::Review(review::Ask::Select(position)));
        for tab in [review::Tab::Overview, review::Tab::Text] {
            ask(&mut window, Intent::Review(review::Ask::Tab(tab)));
        }
    }
    super::screenshots::save(&mut window, &textures, "scripts");
    if open(&mut window, "חשבון").is_some() {
        super::screenshots::save(&mut window, &textures, "scripts-hebrew");
        let seen = painted(&window, " 4471 מספר חשבון");
        assert!(
            seen.is_empty(),
            "a colon stands behind its number: {seen:?}"
        );
        let seen = painted(&window, " :4471 מספר חשבון");
        let title = seen.iter().find(|text| text.lines().count() == 2);
        let title = title.expect("a title on two lines");
        assert!(title.contains("250.50") && title.ends_with("\n31/12/2026"));
    }
    if let Some(subject) = open(&mut window, "حساب شما") {
        super::screenshots::save(&mut window, &textures, "scripts-persian");
        assert!(subject.contains("می\u{200C}شود"), "{subject}");
        let seen = painted(&window, " حساب");
        assert!(
            seen.iter().any(|text| text.lines().count() == 2),
            "{seen:?}"
        );
    }
}
