/** Settings and pre-drive checklist of the learner's car. The other end is controllers/parkit_coach/window.py. */
import {WORDS} from './words.js';

const CHECKS = ['check_view', 'check_belt', 'check_mirrors', 'check_around'];
const form = document.getElementById('settings');
let words = WORDS.ko;
let send = () => {};

/** Webots' library counts characters where it should count bytes: nothing but ASCII may pass. */
export function toAscii(message) {
  return JSON.stringify(message)
    .replace(/[\u007f-\uffff]/g, c => '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'));
}

function fill(template, values) {
  return template.replace(/{(\w+)}/g, (_, name) => values[name]);
}

function speak(language) {
  words = WORDS[language] ?? WORDS.en;
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll('[data-text]'))
    element.textContent = words[element.dataset.text];
  const list = document.getElementById('checklist');
  const done = new Set([...list.querySelectorAll('input:checked')].map(box => box.name));
  list.replaceChildren(...CHECKS.map(name => {
    const item = document.createElement('li');
    const label = document.createElement('label');
    const box = Object.assign(document.createElement('input'), {type: 'checkbox', name, checked: done.has(name)});
    label.append(box, words[name]);
    item.append(label);
    return item;
  }));
}

function showState(state) {
  speak(state.settings.language);
  form.elements.rubric.replaceChildren(...state.rubrics.map(name => new Option(name, name)));
  for (const [name, value] of Object.entries(state.settings)) {
    const field = form.elements[name];
    if (!field || field === document.activeElement && field.type === 'text')
      continue;
    if (field.type === 'checkbox')
      field.checked = value;
    else
      field.value = String(value);
  }
  form.elements.assist.disabled = state.test;
  const names = state.next_start.map(name => words[name]).join(', ');
  document.getElementById('later').textContent = names ? fill(words.at_next_start, {names}) : '';
  document.getElementById('refused').textContent = '';
  const driving = fill(words.driving, {vehicle: state.vehicle_id, driver: state.driver.split(':')[0]});
  document.getElementById('car').textContent = state.test ? `${driving} · ${words.test}` : driving;
  document.getElementById('parts').replaceChildren(...Object.entries(state.parts).map(([name, there]) => {
    const item = document.createElement('li');
    item.textContent = there ? words[name] : `${words[name]}: ${words.none}`;
    item.className = there ? '' : 'missing';
    return item;
  }));
}

function showRaw(joystick) {
  const axes = document.getElementById('axes');
  document.getElementById('buttons').textContent = joystick
    ? fill(words.pressed, {buttons: joystick.buttons.join(', ') || words.none}) : words.unplugged;
  axes.replaceChildren(...(joystick?.axes ?? []).map((value, number) => {
    const row = Object.assign(document.createElement('div'), {className: 'axis'});
    const name = Object.assign(document.createElement('span'), {textContent: fill(words.axis, {number})});
    const meter = Object.assign(document.createElement('meter'), {min: -32768, max: 32767, value});
    meter.setAttribute('aria-label', name.textContent);
    row.append(name, meter, Object.assign(document.createElement('output'), {textContent: value}));
    return row;
  }));
}

export function receive(text) {
  const message = JSON.parse(text);
  if (message.type === 'state')
    showState(message);
  else if (message.type === 'refused')
    document.getElementById('refused').textContent = message.reason;
  else if (message.type === 'raw')
    showRaw(message.joystick);
}

function change(event) {
  const field = event.target;
  const value = field.type === 'checkbox' ? field.checked
    : field.type === 'range' || 'number' in field.dataset ? Number(field.value) : field.value;
  send({type: 'settings', [field.name]: value});
}

async function open() {
  speak('ko');
  form.addEventListener('change', change);
  form.addEventListener('submit', event => event.preventDefault());
  document.getElementById('joystick').addEventListener('toggle', event =>
    send({type: 'watch', on: event.target.open}));
  try {
    const {default: RobotWindow} = await import('https://cyberbotics.com/wwi/R2025a/RobotWindow.js');
    const robot = window.robotWindow = new RobotWindow();
    robot.receive = receive;
    send = message => robot.send(toAscii(message));
    send({type: 'hello'});
  } catch {
    document.getElementById('refused').textContent = words.no_webots;
  }
}

open();
