// The block in the editor. PHP renders it on the page; here it is shown the same way, and cannot be pressed.
( function ( { blocks, blockEditor, components, element, i18n, serverSideRender: ServerSideRender } ) {
	const { createElement: el } = element;
	const { __ } = i18n;
	const TYPES = [
		[ '', __( 'Default from Settings', 'feelback' ) ],
		[ 'yesno', __( 'Yes or no', 'feelback' ) ],
		[ 'pulse', __( 'Like', 'feelback' ) ],
		[ 'updown', __( 'Votes', 'feelback' ) ],
		[ 'reaction', __( 'Reactions', 'feelback' ) ],
		[ 'rating', __( 'Stars', 'feelback' ) ],
		[ 'nps', __( '0 to 10', 'feelback' ) ],
		[ 'message', __( 'Message', 'feelback' ) ],
		[ 'tagged', __( 'Message with a tag', 'feelback' ) ],
		[ 'form', __( 'Form', 'feelback' ) ],
	];
	const COUNTS = [
		[ '', __( 'Default from Settings', 'feelback' ) ],
		[ 'yes', __( 'Shown', 'feelback' ) ],
		[ 'no', __( 'Hidden', 'feelback' ) ],
	];
	const choices = ( rows ) => rows.map( ( [ value, label ] ) => ( { value, label } ) );

	function Edit( { attributes, setAttributes } ) {
		const control = ( Control, name, label, more ) =>
			el( Control, { key: name, label, value: attributes[ name ], onChange: ( value ) => setAttributes( { [ name ]: value } ), ...more } );
		return el(
			'div',
			blockEditor.useBlockProps(),
			el(
				blockEditor.InspectorControls,
				{},
				el(
					components.PanelBody,
					{ title: __( 'Question', 'feelback' ) },
					control( components.TextControl, 'label', __( 'Question', 'feelback' ) ),
					control( components.SelectControl, 'type', __( 'Type', 'feelback' ), { options: choices( TYPES ) } ),
					control( components.TextControl, 'widget', __( 'Widget ID', 'feelback' ), {
						help: __( 'Leave empty to use the widget from Settings.', 'feelback' ),
					} ),
					control( components.SelectControl, 'count', __( 'Counts', 'feelback' ), { options: choices( COUNTS ) } ),
					control( components.TextControl, 'thanks', __( 'Thank-you message', 'feelback' ) ),
					control( components.TextControl, 'options', __( 'Options', 'feelback' ), { help: 'y|Yes|👍; n|No|👎' } )
				)
			),
			el( components.Disabled, {}, el( ServerSideRender, { block: 'feelback/widget', attributes } ) )
		);
	}

	blocks.registerBlockType( 'feelback/widget', { edit: Edit, save: () => null } );
} )( window.wp );
