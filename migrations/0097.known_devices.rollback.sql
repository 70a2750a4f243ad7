drop table known_device;
