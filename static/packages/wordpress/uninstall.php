<?php
/**
 * Delete the settings when the plugin is deleted. Responses are on your Feelback and stay there.
 *
 * @package Feelback
 */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

if ( is_multisite() ) {
	foreach ( get_sites( array( 'fields' => 'ids', 'number' => 0 ) ) as $feelback_site ) {
		delete_blog_option( $feelback_site, 'feelback' );
	}
} else {
	delete_option( 'feelback' );
}
