-- model: survey_invitation
-- layer: scores
-- grain: one row per invitation to answer about a stage, of a customer of a segment
-- key: event_id
-- reads: voice_event, event, segment_member
-- why: who was asked about what, by which source, and when
-- not_null: person_id, segment, stage, source, invited_at
select
    voice_event.event_id,
    voice_event.person_id,
    segment_member.segment,
    voice_event.stage,
    event.source,
    event.occurred_at as invited_at
from voice_event
-- one to one, and one segment per journey
inner join event
    on voice_event.event_id = event.event_id
inner join segment_member
    on voice_event.journey_id = segment_member.journey_id
where event.event_kind = 'survey_invited' and voice_event.stage is not null
