<?php
/**
 * What an administrator has chosen: one option, named `feelback`.
 *
 * @package Feelback
 */

defined( 'ABSPATH' ) || exit;

const FEELBACK_UUID = '/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i';

/** The types of widgets, each with its name for people. */
function feelback_types(): array {
	return array(
		'yesno'    => __( 'Yes or no', 'feelback' ),
		'pulse'    => __( 'Like', 'feelback' ),
		'updown'   => __( 'Votes', 'feelback' ),
		'reaction' => __( 'Reactions', 'feelback' ),
		'rating'   => __( 'Stars', 'feelback' ),
		'nps'      => __( '0 to 10', 'feelback' ),
		'message'  => __( 'Message', 'feelback' ),
		'tagged'   => __( 'Message with a tag', 'feelback' ),
		'form'     => __( 'Form', 'feelback' ),
	);
}

/** The settings, with defaults for those that are missing. */
function feelback_settings(): array {
	$defaults = array(
		'server'     => '',
		'widget'     => '',
		'type'       => 'yesno',
		'label'      => __( 'Was this helpful?', 'feelback' ),
		'count'      => true,
		'placement'  => 'none',
		'post_types' => array( 'post' ),
	);
	$stored   = get_option( 'feelback' );
	return array_merge( $defaults, is_array( $stored ) ? $stored : array() );
}

/** The server's origin: scheme, host and port of an address; empty if it is not one of http or https. */
function feelback_origin( string $address ): string {
	$parts = wp_parse_url( trim( $address ) );
	if ( empty( $parts['host'] ) || ! in_array( $parts['scheme'] ?? '', array( 'http', 'https' ), true ) ) {
		return '';
	}
	$port = isset( $parts['port'] ) ? ':' . (int) $parts['port'] : '';
	return esc_url_raw( $parts['scheme'] . '://' . $parts['host'] . $port );
}

/** What the settings' form sent, as it is stored. What is not valid keeps its value, with an error on the page. */
function feelback_sanitize_settings( $input ): array {
	$input  = is_array( $input ) ? $input : array();
	$before = feelback_settings();
	$server = feelback_origin( (string) ( $input['server'] ?? '' ) );
	$widget = strtolower( trim( (string) ( $input['widget'] ?? '' ) ) );
	if ( '' === $server && '' !== trim( (string) ( $input['server'] ?? '' ) ) ) {
		add_settings_error( 'feelback', 'server', __( 'The server must be an address such as https://feelback.example.', 'feelback' ) );
		$server = $before['server'];
	}
	if ( '' !== $widget && ! preg_match( FEELBACK_UUID, $widget ) ) {
		add_settings_error( 'feelback', 'widget', __( 'The widget must be the ID shown on its page in the panel.', 'feelback' ) );
		$widget = $before['widget'];
	}
	$type  = (string) ( $input['type'] ?? '' );
	$types = array_map( 'strval', (array) ( $input['post_types'] ?? array() ) );
	return array(
		'server'     => $server,
		'widget'     => $widget,
		'type'       => isset( feelback_types()[ $type ] ) ? $type : 'yesno',
		'label'      => mb_substr( sanitize_text_field( (string) ( $input['label'] ?? '' ) ), 0, 200 ),
		'count'      => ! empty( $input['count'] ),
		'placement'  => 'after' === ( $input['placement'] ?? '' ) ? 'after' : 'none',
		'post_types' => array_values( array_intersect( $types, get_post_types( array( 'public' => true ) ) ) ),
	);
}
