"""Destinations and their deliveries."""

from tests.panel.permissions.cases import Call

DESTINATION = """insert into destination (account_id, id, project_id, name, type, url, secret, events, pace, created_at)
select account_id, fn.uuid_v7(), id, 'Hook', 'webhook', 'https://a.example/', '\\x01', '{export.ready}', 'each', now()
from project where account_id = $1 order by id limit 1 returning id as destination"""
DELIVERY = """with target as (
    insert into destination (account_id, id, project_id, name, type, url, secret, events, pace, created_at)
    select account_id, fn.uuid_v7(), id, 'Hook', 'webhook', 'https://a.example', '\\x01', '{export.ready}', 'each',
        now()
    from project where account_id = $1 order by id limit 1 returning account_id, id, project_id
), happening as (
    insert into event (account_id, id, project_id, type, created_at, matched_at)
    select account_id, fn.uuid_v7(), project_id, 'test', now(), now() from target returning id
)
insert into delivery (
    account_id, id, project_id, destination_id, event_ids, is_digest, created_at, next_at, done_at, outcome
)
select t.account_id, fn.uuid_v7(), t.project_id, t.id, array[h.id], false, now(), now(), now(), 'delivered'
from target as t, happening as h returning id as delivery, destination_id as destination"""
CALLS = [
    Call("select * from fn.destinations({account}, {project})", "admin", DESTINATION),
    Call("select * from fn.destinations({account}, {project}, {destination})", "admin", DESTINATION),
    Call("select * from fn.deliveries({account}, {project}, {destination})", "admin", DELIVERY),
    Call("select fn.delivery_request({account}, {project}, {delivery})", "admin", DELIVERY),
    Call(
        "select fn.create_destination({account}, {project}, gen_random_uuid(), 'Hook', 'webhook', 'https://a.example/',"
        " null, '\\x01', array['message.created'])",
        "admin",
    ),
    Call(
        "select fn.update_destination({account}, {project}, {destination}, 'New', null, null, null, null, null, null,"
        " null, null, null, null)", "admin", DESTINATION,
    ),
    Call("select fn.update_destination_secret({account}, {project}, {destination}, '\\x02')", "admin", DESTINATION),
    Call("select fn.delete_destination({account}, {project}, {destination})", "admin", DESTINATION),
    Call("select fn.send_test_event({account}, {project}, {destination})", "admin", DESTINATION),
    Call("select fn.replay_events({account}, {project}, {destination}, now() - interval '1 day')", "admin", DELIVERY),
    Call("select fn.resend_delivery({account}, {project}, {destination}, {delivery})", "admin", DELIVERY),
]  # fmt: skip
