drop table delivery;
drop table event_vote;
drop table event;
drop table destination;
