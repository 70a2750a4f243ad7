drop table delivery;
drop table event_response;
drop table event;
drop table destination;
