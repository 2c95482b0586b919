-- model: survey_reply
-- layer: scores
-- grain: one row per survey answer that belongs to an invitation
-- key: event_id, kind
-- reads: voice_answer, event, survey_invitation
-- why: an answer given before one was asked, to another source or about another stage says nothing of the invitation
-- not_null: person_id, segment, stage, value, vote_no
with

answer as (

    select
        voice_answer.event_id,
        voice_answer.kind,
        voice_answer.person_id,
        voice_answer.segment,
        voice_answer.stage,
        voice_answer.value,
        voice_answer.vote_no,
        event.source,
        event.occurred_at,
        -- a mere date says nothing of the hour: it may be any until midnight
        case
            when event.ts_quality = 'date_only' then event.occurred_at + interval 1 day
            else event.occurred_at
        end as latest_at
    from voice_answer
    -- many to one
    inner join event
        on voice_answer.event_id = event.event_id
    where voice_answer.kind <> 'text' and voice_answer.segment <> '' and voice_answer.stage <> ''

)

select distinct
    answer.event_id,
    answer.kind,
    answer.person_id,
    answer.segment,
    answer.stage,
    answer.value,
    answer.vote_no
from answer
-- several invitations may stand before one answer: distinct
inner join survey_invitation
    on
        answer.person_id = survey_invitation.person_id
        and answer.segment = survey_invitation.segment
        and answer.stage = survey_invitation.stage
        and answer.source = survey_invitation.source
        and answer.latest_at >= survey_invitation.invited_at
where
    -- who comes back to the form after more than 30 days does not do so because of this invitation
    date_diff(
        'second',
        date_trunc('second', survey_invitation.invited_at),
        date_trunc('second', answer.occurred_at)
    ) <= 2592000
