//! What every store must hold to: one plain async function a guarantee.
//!
//! A store runs all of them through [`store_conformance!`](crate::store_conformance), so that the one in memory and
//! the one in a database cannot drift apart. Each case gets an empty store of its own, panics where a guarantee is
//! broken, and returns an error where a call fails that must not.

pub mod accounts;
pub mod approvals;
pub mod audit;
pub mod calendars;
pub mod changes;
pub mod channels;
pub mod consents;
pub mod embeddings;
pub mod events;
pub mod executions;
pub mod grants;
pub mod leases;
pub mod limits;
pub mod listings;
pub mod quarantine;
mod scene;
pub mod search;
pub mod states;
pub mod tenants;

/// Runs the whole suite against a store: one `#[tokio::test]` for each case.
///
/// The expression makes an empty store, `Arc<dyn Storage>` or what coerces to it; it may await.
///
/// ```ignore
/// theo_calendar::store_conformance! { MemoryStore => Arc::new(MemoryStore::new(Arc::new(FakeClock::default()))) }
/// ```
#[macro_export]
macro_rules! store_conformance {
    ($store:ident => $fresh:expr $(,)?) => {
        #[allow(non_snake_case)]
        mod $store {
            use super::*;

            $crate::store_conformance! { @cases $fresh;
                events {
                    a_page_and_its_state_land_together
                    a_page_under_an_old_fence_stores_nothing
                    a_page_for_a_calendar_that_is_not_mirrored_is_refused
                    a_page_with_the_state_of_another_resource_is_refused
                    an_unchanged_row_is_not_touched_and_makes_no_change
                    a_span_follows_its_calendars_zone_without_a_change
                    a_row_that_differs_is_updated
                    an_event_comes_back_as_it_was_stored
                    an_exception_may_come_before_its_master
                    deleting_a_master_takes_its_exceptions
                    deleting_a_master_that_never_came_takes_its_exceptions
                    deleting_what_is_not_there_changes_nothing
                    events_come_by_start_then_id_and_those_without_one_last
                    events_asked_for_by_key_come_in_that_order
                    a_range_brings_what_overlaps_it_and_no_masters
                    a_range_with_series_brings_what_says_what_takes_place_in_it
                    words_are_found_in_any_case
                    cancelled_exceptions_are_shown_only_when_asked_for
                }
                listings {
                    the_old_mirror_is_served_until_the_last_page
                    what_a_complete_listing_did_not_bring_goes_with_a_tombstone
                    what_an_abandoned_listing_brought_goes_with_the_next
                    an_exception_that_was_listed_outlives_its_master
                    a_listing_sweeps_its_own_calendar_only
                    changes_sweep_nothing
                }
                quarantine {
                    an_event_that_cannot_be_mapped_is_kept_once
                    a_mapped_event_leaves_the_quarantine
                    a_deleted_event_leaves_the_quarantine
                    a_complete_listing_clears_what_it_did_not_bring
                    an_event_that_can_no_longer_be_mapped_stays_as_it_was
                }
                changes {
                    a_reader_in_small_steps_misses_nothing_and_reads_nothing_twice
                    a_reader_who_follows_the_feed_has_the_mirror
                    a_feed_begins_and_ends_at_its_own_cursor
                }
                calendars {
                    a_list_and_its_state_land_together
                    a_list_under_an_old_fence_stores_nothing
                    a_list_of_another_account_is_refused
                    a_known_calendar_keeps_what_the_person_chose
                    a_complete_list_removes_calendars_of_its_account_alone
                    a_calendar_that_goes_takes_all_that_hangs_on_it
                    calendars_come_primary_first_then_by_title
                    an_unknown_calendar_is_not_found
                }
                states {
                    a_state_comes_back_as_it_was_saved
                    creating_a_state_leaves_the_one_there_is
                    a_state_of_a_calendar_that_is_gone_is_not_revived
                    a_state_under_an_old_fence_is_not_saved
                    saving_never_lowers_dirty
                    what_has_no_state_cannot_be_dirty
                    calendar_lists_come_before_calendars
                    dirty_resources_are_due_first_then_the_longest_unsynced
                    paused_waiting_and_unselected_resources_are_not_due
                    an_unfinished_listing_is_due
                }
                leases {
                    of_many_one_gets_the_lease
                    an_expired_lease_goes_to_the_next_with_a_higher_epoch
                    a_lost_lease_cannot_be_renewed
                    a_renewed_lease_stays_with_its_holder
                    a_released_lease_is_free
                    releasing_a_lost_lease_leaves_the_new_holder
                    the_same_holder_gets_a_new_epoch
                    names_do_not_touch_each_other
                }
                limits {
                    no_stretch_of_time_holds_more_than_its_limit
                    calls_within_the_limits_need_not_wait
                    who_has_too_little_patience_books_nothing
                    an_account_that_waits_holds_up_no_other
                    a_project_has_one_limit_over_all_its_accounts
                    a_dear_call_takes_as_much_as_it_costs
                }
                approvals {
                    an_approval_comes_back_as_it_was_stored
                    an_id_is_taken_once
                    of_sixteen_transitions_one_wins
                    the_loser_of_a_transition_leaves_nothing
                    an_unknown_approval_is_not_found
                    approvals_come_newest_first
                    expired_approvals_are_found_of_every_user
                    approvals_in_doubt_are_found_of_every_user
                    a_transition_for_another_user_is_refused
                }
                executions {
                    an_executed_change_is_mirrored_with_its_transition
                    an_executed_deletion_is_mirrored_with_its_transition
                    all_that_an_execution_changes_is_mirrored_with_its_transition
                    something_newer_is_not_overwritten
                    an_event_that_was_deleted_meanwhile_is_not_brought_back
                    an_event_that_was_deleted_before_may_be_made_again
                    a_change_to_a_calendar_that_is_gone_is_dropped
                    a_change_during_a_listing_survives_its_sweep
                }
                audit {
                    each_users_records_are_a_chain
                    every_transition_has_one_record
                    records_are_read_in_order_from_anywhere
                }
                channels {
                    a_channel_is_found_by_its_id_alone
                    channels_come_soonest_to_expire_first
                    a_deleted_channel_is_gone_and_another_users_is_not
                    resources_without_a_lasting_channel_are_to_be_watched
                    a_resource_that_was_put_off_is_left_alone_until_then
                    paused_and_unselected_resources_are_not_to_be_watched
                }
                embeddings {
                    the_nearest_come_first
                    only_the_model_and_the_calendars_asked_for_count
                    an_embedding_goes_with_its_event
                    an_event_not_mirrored_gets_no_embedding
                    a_refused_text_is_known_and_near_to_nothing
                    what_is_removed_is_no_longer_found
                    embeddings_under_an_old_fence_are_not_stored
                    embeddings_that_do_not_belong_are_refused
                    who_is_behind_the_feed_is_due
                    who_waits_longest_is_due_first
                    a_model_that_is_dropped_is_forgotten
                }
                search {
                    rare_words_weigh_more_than_those_of_a_question
                    a_match_says_which_share_of_the_question_stands_in_it
                    a_word_weighs_by_where_it_stands
                    of_a_series_the_best_alone_is_found
                    an_event_is_found_by_what_it_says_now
                    what_fits_equally_well_comes_by_its_key
                    a_range_finds_what_may_take_place_in_it
                    an_attendee_is_found_in_any_case
                    filters_apply_before_a_list_is_cut
                }
                grants {
                    a_grant_comes_back_as_it_was_stored
                    a_forgotten_grant_is_gone
                    a_renewal_stores_the_next_grant
                    a_renewal_does_not_bring_back_a_grant_that_was_forgotten
                    a_renewal_does_not_take_the_place_of_a_grant_given_meanwhile
                    of_sixteen_renewals_of_one_grant_one_is_stored
                }
                consents {
                    a_consent_comes_back_as_it_was_put
                    of_sixteen_who_take_a_consent_one_gets_it
                    a_consent_is_taken_by_its_user_and_its_state_alone
                    expired_consents_are_found_of_every_user
                }
                accounts {
                    a_forgotten_account_leaves_nothing_but_tombstones_approvals_and_audit
                    what_is_of_other_accounts_stays
                    a_worker_on_a_forgotten_account_stores_nothing_more
                    an_account_may_be_connected_again
                    an_account_is_not_forgotten_under_the_audit_of_another_user
                }
                tenants {
                    another_user_sees_nothing
                    another_user_changes_nothing
                }
            }
        }
    };
    (@cases $fresh:expr; $($room:ident { $($case:ident)* })*) => {$(
        mod $room {
            use super::*;
            $(
                #[tokio::test]
                async fn $case() -> $crate::Result<()> {
                    let store: ::std::sync::Arc<dyn $crate::storage::Storage> = $fresh;
                    $crate::testing::conformance::$room::$case(store).await
                }
            )*
        }
    )*};
}
