<?php
/**
 * Where the element is: in a block, in a shortcode, or after the content.
 *
 * @package Feelback
 */

defined( 'ABSPATH' ) || exit;

add_action( 'init', 'feelback_register' );
add_filter( 'the_content', 'feelback_after_content', 20 ); // after blocks and shortcodes have become HTML

function feelback_register(): void {
	add_shortcode( 'feelback', 'feelback_shortcode' );
	register_block_type( dirname( __DIR__ ) . '/block', array( 'render_callback' => 'feelback_block' ) );
}

/** `[feelback type="pulse" label="Do you like it?" count="no"]`; quotes and brackets in words are entities. */
function feelback_shortcode( $attributes ): string {
	$attributes = is_array( $attributes ) ? $attributes : array();
	foreach ( $attributes as $name => $value ) {
		$attributes[ $name ] = html_entity_decode( (string) $value, ENT_QUOTES, 'UTF-8' );
	}
	return is_feed() ? '' : feelback_element( $attributes );
}

function feelback_block( array $attributes ): string {
	if ( is_feed() ) {
		return '';
	}
	$wrapper = function_exists( 'get_block_wrapper_attributes' ) ? get_block_wrapper_attributes() : '';
	return "<div $wrapper>" . feelback_element( $attributes ) . '</div>';
}

/** Add the element to posts of the chosen types that have none of their own. */
function feelback_after_content( $content ) {
	$settings = feelback_settings();
	$post     = get_post();
	if ( 'after' !== $settings['placement'] || ! $post || is_feed() || ! is_singular( $settings['post_types'] ?: array( '-' ) ) ) {
		return $content;
	}
	// Other posts on the page, and what asks for the content of this one to make an excerpt or a description of it.
	$is_elsewhere = get_queried_object_id() !== $post->ID || doing_filter( 'get_the_excerpt' ) || doing_action( 'wp_head' );
	if ( $is_elsewhere || has_shortcode( $post->post_content, 'feelback' ) || has_block( 'feelback/widget', $post ) ) {
		return $content;
	}
	return $content . '<div class="feelback-after">' . feelback_element() . '</div>';
}
