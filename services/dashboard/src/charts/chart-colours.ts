/** Vermilion: crashes, and the suspect among them (Okabe and Ito, safe for colour-blind eyes). */
export const suspectColour = '#d55e00';
/** Blue: adoption. */
export const adoptionColour = '#0072b2';
/** Grey: what is usual, and what is left over. */
export const usualColour = '#7d8894';
/** Beside vermilion; each at least 3:1 against both page colours. */
export const seriesColours = ['#0072b2', '#009e73', '#a86b00', '#b0508a', '#3d8fc9', '#8a6d3b', '#6a5acd', '#50808e'];
/** Ochre: silence. */
export const silentColour = '#a86b00';
