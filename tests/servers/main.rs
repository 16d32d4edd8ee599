//! One suite over Dovecot, Cyrus and Courier: whatever the server, reading marks nothing, bytes
//! come as they are, and a message that moves keeps its flags, keywords and date.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[allow(dead_code)]
#[path = "../batch/program.rs"]
mod program;
#[path = "../support/mod.rs"]
mod support;

mod moving;
mod reading;
mod signing_in;
mod sweeping;

use postsweep::mailbox::Stop;
use postsweep::mailbox::imap::{self, ImapMailbox};
use postsweep::settings::account::Security;
use support::courier::Courier;
use support::cyrus::Cyrus;
use support::dovecot::{Dovecot, Options};
use support::real::{self, Real, Setup};

type Start = fn(Setup) -> Box<dyn Real>;

/// Every case as a test of its own for each server.
macro_rules! on_every_server {
    ($($part:ident::$case:ident,)*) => {
        on_every_server! { @ dovecot start_dovecot $($part::$case,)* }
        on_every_server! { @ cyrus start_cyrus $($part::$case,)* }
        on_every_server! { @ courier start_courier $($part::$case,)* }
    };
    (@ $server:ident $start:ident $($part:ident::$case:ident,)*) => {
        mod $server {
            $(#[test] fn $case() { super::$part::$case(super::$start) })*
        }
    };
}

on_every_server! {
    signing_in::both_ways_of_encryption_and_a_wrong_password,
    reading::folders_are_found_by_the_names_that_people_write,
    reading::messages_come_byte_for_byte_and_are_never_marked_read,
    reading::a_survey_adds_up_to_a_list,
    reading::what_another_client_expunged_is_passed_over,
    reading::a_part_ends_where_the_one_ends_that_it_lies_in,
    moving::messages_move_there_and_back_with_flags_keywords_dates_and_bytes,
    moving::what_others_marked_for_removal_stays,
    moving::over_quota_nothing_moves_and_the_folder_is_named,
    sweeping::a_sweep_moves_exactly_the_hits_and_undo_restores_all,
}

fn start_dovecot(setup: Setup) -> Box<dyn Real> {
    Box::new(Dovecot::with(Options {
        moves: setup.moves,
        quota: setup.most,
        compress: true,
        ..Options::default()
    }))
}

fn start_cyrus(setup: Setup) -> Box<dyn Real> {
    Box::new(Cyrus::with(setup))
}

fn start_courier(setup: Setup) -> Box<dyn Real> {
    Box::new(Courier::with(setup))
}

fn open(server: &dyn Real) -> ImapMailbox {
    imap::open(
        &server.server(Security::Tls),
        &real::password(),
        &Stop::default(),
    )
    .unwrap_or_else(|error| panic!("{error}\n{}", server.log()))
}
