<?php
/**
 * Settings → Feelback.
 *
 * @package Feelback
 */

defined( 'ABSPATH' ) || exit;

add_action( 'admin_menu', 'feelback_add_page' );
add_action( 'admin_init', 'feelback_register_settings' );
add_filter( 'plugin_action_links_feelback/feelback.php', 'feelback_action_links' );

function feelback_add_page(): void {
	add_options_page( 'Feelback', 'Feelback', 'manage_options', 'feelback', 'feelback_page' );
}

function feelback_register_settings(): void {
	register_setting( 'feelback', 'feelback', array( 'type' => 'array', 'sanitize_callback' => 'feelback_sanitize_settings' ) );
}

function feelback_action_links( array $links ): array {
	$link = sprintf( '<a href="%s">%s</a>', esc_url( admin_url( 'options-general.php?page=feelback' ) ), esc_html__( 'Settings', 'feelback' ) );
	return array_merge( array( $link ), $links );
}

/** A row of the form: a label, a field with the ID `feelback-$name`, and a note below it. */
function feelback_row( string $name, string $words, string $field, string $note = '' ): void {
	printf( '<tr><th scope="row"><label for="feelback-%s">%s</label></th><td>%s', esc_attr( $name ), esc_html( $words ), $field ); // phpcs:ignore WordPress.Security.EscapeOutput -- fields are escaped where they are made.
	if ( '' !== $note ) {
		printf( '<p class="description">%s</p>', esc_html( $note ) );
	}
	echo '</td></tr>';
}

/** A row of checkboxes, which have labels of their own. */
function feelback_checkbox_row( string $words, string $checkboxes ): void {
	$legend = esc_html( $words );
	printf( '<tr><th scope="row">%1$s</th><td><fieldset><legend class="screen-reader-text"><span>%1$s</span></legend>%2$s</fieldset></td></tr>', $legend, $checkboxes ); // phpcs:ignore WordPress.Security.EscapeOutput -- checkboxes are escaped where they are made.
}

function feelback_input( string $name, string $value, string $placeholder = '' ): string {
	return sprintf( '<input class="regular-text" id="feelback-%1$s" name="feelback[%1$s]" value="%2$s" placeholder="%3$s">', esc_attr( $name ), esc_attr( $value ), esc_attr( $placeholder ) );
}

function feelback_select( string $name, string $value, array $choices ): string {
	$options = '';
	foreach ( $choices as $each => $words ) {
		$options .= sprintf( '<option value="%s"%s>%s</option>', esc_attr( $each ), selected( $each, $value, false ), esc_html( $words ) );
	}
	return sprintf( '<select id="feelback-%1$s" name="feelback[%1$s]">%2$s</select>', esc_attr( $name ), $options );
}

function feelback_checkbox( string $name, string $value, bool $is_checked, string $words ): string {
	return sprintf( '<label><input type="checkbox" name="feelback[%s]" value="%s"%s> %s</label><br>', esc_attr( $name ), esc_attr( $value ), checked( $is_checked, true, false ), esc_html( $words ) );
}

function feelback_page(): void {
	$settings = feelback_settings();
	$types    = '';
	foreach ( get_post_types( array( 'public' => true ), 'objects' ) as $type ) {
		if ( 'attachment' !== $type->name ) {
			$types .= feelback_checkbox( 'post_types][', $type->name, in_array( $type->name, $settings['post_types'], true ), $type->label );
		}
	}
	echo '<div class="wrap"><h1>Feelback</h1><form method="post" action="options.php">';
	settings_fields( 'feelback' );
	echo '<table class="form-table" role="presentation">';
	feelback_row( 'server', __( 'Server', 'feelback' ), feelback_input( 'server', $settings['server'], 'https://feelback.example' ), __( 'The address of your Feelback server.', 'feelback' ) );
	/* translators: %s: the address of this site. */
	$note = sprintf( __( 'The widget’s ID, shown on its page in the panel. Add %s to the allowed sites of its project.', 'feelback' ), feelback_origin( home_url() ) );
	feelback_row( 'widget', __( 'Widget', 'feelback' ), feelback_input( 'widget', $settings['widget'] ), $note );
	feelback_row( 'type', __( 'Widget type', 'feelback' ), feelback_select( 'type', $settings['type'], feelback_types() ) );
	feelback_row( 'label', __( 'Question', 'feelback' ), feelback_input( 'label', $settings['label'] ) );
	feelback_checkbox_row( __( 'Counts', 'feelback' ), feelback_checkbox( 'count', '1', $settings['count'], __( 'Show how many people have responded', 'feelback' ) ) );
	$places = array( 'none' => __( 'Only where you add a block or shortcode', 'feelback' ), 'after' => __( 'Also after the content', 'feelback' ) );
	feelback_row( 'placement', __( 'Where to show it', 'feelback' ), feelback_select( 'placement', $settings['placement'], $places ) );
	feelback_checkbox_row( __( 'After the content of', 'feelback' ), $types );
	echo '</table>';
	submit_button();
	printf( '<p>%s <code>[feelback]</code></p>', esc_html__( 'Authors can add it with the “Feelback” block or this shortcode:', 'feelback' ) );
	echo '</form></div>';
}
