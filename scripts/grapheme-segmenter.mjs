// Takes the place of Intl.Segmenter in every bundle; only src/text/graphemes.ts asks the real one.
export { GraphemeSegmenter as 'Intl.Segmenter' } from '../src/text/graphemes.ts';
