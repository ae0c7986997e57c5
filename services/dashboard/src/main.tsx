import { render } from 'preact';
import { App } from './frame/app';
import './styles/page.css';

render(<App />, document.getElementById('page')!);
