<?php
/**
 * The element in a page. PHP writes it with every value escaped, so that authors without the right unfiltered_html can
 * place it: WordPress keeps shortcodes and blocks of theirs, and would remove the element itself.
 *
 * @package Feelback
 */

defined( 'ABSPATH' ) || exit;

/** What a block or shortcode may say, with defaults. `count` is "yes", "no" or empty for that of the settings. */
function feelback_attributes(): array {
	return array_fill_keys(
		array( 'widget', 'type', 'label', 'thanks', 'preset', 'options', 'look', 'layout', 'email', 'count', 'page', 'lang' ),
		''
	);
}

/**
 * The element with a plain form inside, for visitors without JavaScript.
 *
 * @param array $given What the block or shortcode says; all of it is text that nobody has checked.
 */
function feelback_element( array $given = array() ): string {
	$settings = feelback_settings();
	$given    = array_map( 'strval', array_filter( array_intersect_key( $given, feelback_attributes() ), 'is_scalar' ) ) + feelback_attributes();
	$widget   = strtolower( trim( $given['widget'] ) ) ?: $settings['widget'];
	if ( '' === $settings['server'] || ! preg_match( FEELBACK_UUID, $widget ) ) {
		return feelback_hint();
	}
	// Another widget than that of the settings has another type and question.
	$is_own = '' === $given['widget'] && '' === $given['type'];
	$type   = $given['type'] ?: ( '' === $given['widget'] ? $settings['type'] : 'yesno' );
	if ( ! isset( feelback_types()[ $type ] ) ) {
		return feelback_hint();
	}
	$label      = $given['label'] ?: ( $is_own ? $settings['label'] : '' );
	$has_counts = ! in_array( $type, array( 'message', 'tagged', 'form' ), true );
	$count      = '' === $given['count'] ? $settings['count'] : 'no' !== $given['count'];
	$page       = $given['page'] ?: feelback_page_key();
	$chosen     = array( 'widget' => $widget, 'page' => $page, 'label' => $label );
	foreach ( array( 'thanks', 'preset', 'options', 'look', 'layout', 'email' ) as $name ) {
		$chosen[ $name ] = $given[ $name ];
	}
	// Without options of the page, the server has those of reactions and tags.
	if ( in_array( $type, array( 'reaction', 'tagged' ), true ) && '' === $given['preset'] . $given['options'] ) {
		$chosen['preset'] = 'widget';
	}
	$chosen['lang'] = $given['lang'] ?: get_bloginfo( 'language' );
	$chosen['dir']  = '' === $given['lang'] && is_rtl() ? 'rtl' : '';
	$text           = '';
	foreach ( array_filter( $chosen, 'strlen' ) as $name => $value ) {
		$text .= sprintf( ' %s="%s"', $name, esc_attr( $value ) );
	}
	feelback_enqueue( $settings['server'] );
	$element = 'feelback-' . ( 'tagged' === $type ? 'tagged-message' : $type );
	$form    = feelback_form( $type, $widget, $page, $label, $given['options'] );
	return "<$element$text" . ( $has_counts && $count ? ' count' : '' ) . ">$form</$element>";
}

/** For those who can edit: why there is no element. Visitors see nothing. */
function feelback_hint(): string {
	if ( ! current_user_can( 'edit_posts' ) ) {
		return '';
	}
	$text = __( 'This Feelback widget is not shown. Enter the server and widget ID under Settings → Feelback, or check the type and widget ID of this block. Only people who can edit posts see this notice.', 'feelback' );
	return '<p class="feelback-hint"><em>' . esc_html( $text ) . '</em></p>';
}

/** The page key: the post's permalink, so that counts stay together whatever parameters a link has. */
function feelback_page_key(): string {
	return feelback_permalink() ?: '$path';
}

/** The permalink of the post that is shown; empty beside the posts of a list, where WordPress has that of any of them. */
function feelback_permalink(): string {
	return is_singular() || in_the_loop() || wp_is_json_request() ? (string) get_permalink() : '';
}

/** Load the elements once a page: as a script module, or before WordPress 6.5 as a script of that type. */
function feelback_enqueue( string $server ): void {
	$src = $server . '/sdk/feelback.js';
	if ( function_exists( 'wp_enqueue_script_module' ) ) {
		wp_enqueue_script_module( 'feelback', $src, array(), null );
		return;
	}
	wp_enqueue_script( 'feelback', $src, array(), null, true );
	add_filter( 'script_loader_tag', 'feelback_module_tag', 10, 2 );
}

function feelback_module_tag( $tag, $handle ) {
	if ( 'feelback' !== $handle || false !== strpos( $tag, 'type="module"' ) ) {
		return $tag;
	}
	return str_replace( '<script ', '<script type="module" ', preg_replace( '/ type=(["\'])text\/javascript\1/', '', $tag ) );
}

/** A plain form that sends the same response; empty for types whose options only the server knows. */
function feelback_form( string $type, string $widget, string $page, string $label, string $options ): string {
	$inner = 'message' === $type ? feelback_message_field() : feelback_buttons( $type, $options );
	if ( '' === $inner ) {
		return '';
	}
	$server = feelback_settings()['server'];
	$hidden = '';
	$here   = home_url( $GLOBALS['wp']->request ?? '' );
	$fields = array( 'widget' => $widget, 'page' => '$path' === $page ? $here : $page, 'return' => feelback_permalink() ?: $here );
	foreach ( array_filter( $fields, 'strlen' ) as $name => $value ) {
		$hidden .= sprintf( '<input type="hidden" name="%s" value="%s">', $name, esc_attr( $value ) );
	}
	$question = '' === $label ? '' : '<span>' . esc_html( $label ) . '</span> ';
	return sprintf( '<form method="post" action="%s">%s%s%s</form>', esc_url( $server . '/v1/responses' ), $hidden, $question, $inner );
}

function feelback_message_field(): string {
	// phpcs:disable WordPress.WP.I18n.MissingArgDomain -- WordPress has both in every language.
	$label = esc_attr( _x( 'Comment', 'noun' ) );
	$send  = esc_html( __( 'Submit' ) );
	// phpcs:enable
	return "<textarea name=\"message\" maxlength=\"5000\" required aria-label=\"$label\"></textarea> <button>$send</button>";
}

/** Buttons of the options: those of the page ("y|Yes|👍; n|No|👎"), or of the type. */
function feelback_buttons( string $type, string $options ): string {
	$yes    = __( 'Yes' ); // phpcs:ignore WordPress.WP.I18n.MissingArgDomain -- WordPress has it in every language.
	$no     = __( 'No' ); // phpcs:ignore WordPress.WP.I18n.MissingArgDomain -- WordPress has it in every language.
	$of     = array(
		'yesno'  => "y|$yes|👍;n|$no|👎",
		'pulse'  => '+|' . __( 'Like', 'feelback' ) . '|👍',
		'updown' => '+1|' . __( 'Upvote', 'feelback' ) . '|⬆️;-1|' . __( 'Downvote', 'feelback' ) . '|⬇️',
		'rating' => '1|1 ★;2|2 ★;3|3 ★;4|4 ★;5|5 ★',
		'nps'    => '0;1;2;3;4;5;6;7;8;9;10',
	);
	$source = in_array( $type, array( 'tagged', 'form' ), true ) ? '' : ( $options ?: ( $of[ $type ] ?? '' ) );
	$html   = '';
	foreach ( array_filter( array_map( 'trim', explode( ';', $source ) ), 'strlen' ) as $option ) {
		$parts = array_map( 'trim', explode( '|', $option ) );
		$words = trim( ( $parts[2] ?? '' ) . ' ' . ( $parts[1] ?? $parts[0] ) );
		$html .= sprintf( '<button name="value" value="%s">%s</button> ', esc_attr( $parts[0] ), esc_html( $words ) );
	}
	return trim( $html );
}
