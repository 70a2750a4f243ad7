<?php
/**
 * Plugin Name:       Feelback
 * Description:       Add likes, votes, ratings, reactions and messages to your posts, with a block, a shortcode or automatically.
 * Plugin URI:        SOURCE_URL
 * Version:           0.0.0
 * Requires at least: 6.1
 * Requires PHP:      7.4
 * Author:            Feelback
 * License:           MIT
 * License URI:       https://opensource.org/license/mit
 * Text Domain:       feelback
 *
 * @package Feelback
 */

defined( 'ABSPATH' ) || exit;

const FEELBACK_VERSION = '0.0.0';

require __DIR__ . '/includes/settings.php';
require __DIR__ . '/includes/element.php';
require __DIR__ . '/includes/placement.php';
require __DIR__ . '/includes/settings-page.php';
