// Live recording in the browser: the camera's pictures go to the page's own socket as JPEGs with
// their times, and what they show comes back. No other address is asked for anything.

const LOOK = 0, RECORD = 1, STOP = 2;
const COUNT_FROM = 5;         // seconds from "good" to the first recorded picture
const READY_S = 1.5;          // so long the framing must be good before the countdown
const STAND_S = 2.5;          // of the recording in which the person stands still
const CAMERA_S = 8;           // the camera must have shown something by then
const WORKER_S = 25;          // and what looks for the body must have answered
const LOST_S = 1.2;           // nobody seen for so long in a countdown: it waits again
const MOST_WAITING = 4e6;     // bytes: more, and the connection does not keep up
const CAMERA = { audio: false,
  video: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30, max: 30 } } };
const WRONG = { NotAllowedError: 'denied', SecurityError: 'denied', NotFoundError: 'none',
  OverconstrainedError: 'none', NotReadableError: 'busy', AbortError: 'busy' };

class Recorder {
  constructor(root, data) {
    this.root = root;
    this.data = data;
    this.video = root.querySelector('video');
    this.canvas = root.querySelector('canvas');
    this.grab = document.createElement('canvas');
    this.attempt = 0;
    this.part('.first').onclick = () => this.press('first');
    this.part('.second').onclick = () => this.press('second');
    this.go('idle', 'idle');
    this.tellAll();
  }

  part(name) { return this.root.querySelector(name); }

  text(name, values = {}) {
    return Object.entries(values).reduce(
      (told, [key, value]) => told.replace(`{${key}}`, value), this.data.texts[name] ?? '');
  }

  // ---- what is shown

  tellAll() { // in the language of now
    this.canvas.setAttribute('aria-label', this.text('picture'));
    for (const name of ['preview', 'rules']) this.part(`.${name}`).textContent = this.text(name);
    this.label();
    this.say(...this.said);
  }

  label() {
    const labels = { idle: ['on'], failed: ['again'], starting: ['off'], framing: ['now', 'off'],
      countdown: ['wait'], recording: ['stop'], saving: [] }[this.stage];
    ['.first', '.second'].forEach((name, i) => {
      this.part(name).hidden = !labels[i];
      this.part(name).textContent = this.text(labels[i] ?? '');
    });
  }

  say(name, tone = '', values = {}) {
    this.said = [name, tone, values];
    const told = this.text(name, values);
    this.root.dataset.tone = tone;
    if (this.part('.say').textContent !== told) this.part('.say').textContent = told;
  }

  go(stage, said, tone = '') {
    this.stage = this.root.dataset.stage = stage;
    this.since = performance.now();
    this.label();
    this.part('.first').disabled = stage === 'saving';
    for (const name of ['.stage', '.rules'])
      this.part(name).hidden = ['idle', 'failed'].includes(stage);
    this.part('.big').textContent = '';
    for (const name of ['.numbers', '.preview']) this.part(name).hidden = stage !== 'recording';
    if (['idle', 'failed', 'starting'].includes(stage)) this.part('.fps').hidden = true;
    if (said) this.say(said, tone);
  }

  press(button) {
    const does = { idle: ['start'], failed: ['start'], starting: ['off'], framing: ['count', 'off'],
      countdown: ['again'], recording: ['stop'] }[this.stage] ?? [];
    this[does[button === 'first' ? 0 : 1]]?.();
  }

  // ---- camera and socket

  start() {
    const attempt = ++this.attempt;
    this.go('starting', 'starting');
    this.root.scrollIntoView({ block: 'start' });
    this.answered = [];
    this.waiting = this.encoding = 0;
    this.working = this.fetching = this.granted = false;
    this.shown = 0;
    this.sound = this.sound ?? (window.AudioContext ? new AudioContext() : undefined);
    this.connect(attempt);
    this.open(attempt);
    this.timer = setInterval(() => this.watch(), 200);
  }

  async open(attempt) {
    if (!navigator.mediaDevices?.getUserMedia) { this.fail('no_way'); return; }
    try {
      const stream = await navigator.mediaDevices.getUserMedia(CAMERA);
      if (attempt !== this.attempt || this.stage === 'failed') {
        stream.getTracks().forEach((track) => track.stop());
        return;
      }
      this.granted = true;
      this.stream = stream;
      stream.getVideoTracks()[0].onended = () => this.fail('busy');
      this.video.srcObject = stream;
      await this.video.play();
      this.next(attempt);
    } catch (error) {
      if (attempt === this.attempt) this.fail(WRONG[error.name] ?? 'slow');
    }
  }

  connect(attempt) {
    const url = new URL(this.data.address, document.baseURI);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    this.socket = new WebSocket(url);
    this.socket.onmessage = (event) => this.answer(JSON.parse(event.data));
    this.socket.onclose = () => {
      if (attempt === this.attempt) this.fail(this.working ? 'ended' : 'broken');
    };
  }

  watch() {
    const waited = (performance.now() - this.since) / 1000;
    if (this.stage === 'starting') {
      if (!this.shown) {
        if (waited > CAMERA_S) this.granted ? this.fail('slow') : this.say('slow', 'stop');
        else if (!this.granted && waited > 1) this.say('asks', 'change');
      } else if (!this.working) {
        this.say(this.fetching ? 'model' : 'loading');
        if (waited > WORKER_S && !this.fetching) this.fail('broken');
      } else {
        this.go('framing');
        this.root.scrollIntoView({ block: 'start' });
      }
    } else if (this.stage === 'countdown') this.tick(waited);
    this.rate();
  }

  fail(name) {
    this.off();
    this.go('failed', name, 'stop');
  }

  off() {
    this.attempt += 1;
    clearInterval(this.timer);
    this.stream?.getTracks().forEach((track) => { track.onended = null; track.stop(); });
    this.stream = this.video.srcObject = null;
    if (this.socket) { this.socket.onclose = null; this.socket.close(); }
    this.go('idle', 'idle');
  }

  // ---- pictures out

  next(attempt) {
    if (attempt !== this.attempt) return;
    const take = (now, facts) => {
      if (attempt !== this.attempt) return;
      this.shown += 1;
      this.send((facts?.captureTime ?? now) / 1000);
      this.next(attempt);
    };
    if (this.video.requestVideoFrameCallback) this.video.requestVideoFrameCallback(take);
    else requestAnimationFrame(take);
  }

  send(seconds) {
    const keep = this.stage === 'recording';
    if (!this.working || this.socket.readyState !== WebSocket.OPEN) return;
    if (!keep && (this.waiting > 1 || !['framing', 'countdown'].includes(this.stage))) return;
    if (this.encoding > 2 || this.socket.bufferedAmount > MOST_WAITING) return;
    const { videoWidth: width, videoHeight: height } = this.video;
    if (!width) return;
    Object.assign(this.grab, { width, height });
    this.grab.getContext('2d', { alpha: false }).drawImage(this.video, 0, 0);
    this.encoding += 1;
    this.waiting += 1;
    const socket = this.socket;
    this.grab.toBlob((jpeg) => {
      this.encoding -= 1;
      if (jpeg && socket.readyState === WebSocket.OPEN && (!keep || this.stage === 'recording'))
        socket.send(new Blob([head(keep ? RECORD : LOOK, seconds), jpeg]));
    }, 'image/jpeg', 0.9);
  }

  // ---- answers in

  answer(news) {
    if (news.error) { this.fail('broken'); return; }
    if (news.model) { this.fetching = true; return; }
    if (news.ready_to_look) { this.working = true; this.fetching = false; return; }
    if ('saved' in news) { this.saved(news); return; }
    this.waiting = 0;
    const now = performance.now();
    this.answered.push(now);
    if (news.xy) this.seen = now;
    this.draw(news);
    if (this.stage === 'framing') this.framed(news, now);
    else if (this.stage === 'recording' && 'count' in news) this.counted(news, now);
  }

  framed(news, now) {
    if (!news.ready) {
      this.good = undefined;
      const turn = news.side ? `turn_${news.side}` : news.advice;
      if (turn) this.say(turn, 'change', { n: news.turn });
      return;
    }
    this.good ??= now;
    this.say('ready', 'good');
    if (now - this.good > READY_S * 1000) this.count();
  }

  counted(news, now) {
    this.part('.count').textContent = news.goal
      ? this.text('of', { n: news.count, goal: news.goal }) : news.count;
    this.part('.what').textContent = this.text('reps');
    if (news.signal) {
      this.part('.figure').textContent = figure(news);
      this.part('.name').textContent = this.data.names[news.signal] ?? '';
    }
    const seconds = (now - this.since) / 1000;
    if (news.count > (this.told ?? 0)) this.beep(660, 0.1);
    this.told = news.count;
    if (news.complete) { this.say('complete', 'good'); this.stop(); return; }
    if (now - (this.seen ?? now) > LOST_S * 1000) this.say('lost_you', 'change');
    else if (seconds < STAND_S) this.say('hold_still', 'good');
    else this.say('go', 'good');
  }

  rate() {
    const now = performance.now();
    this.answered = this.answered.filter((time) => now - time < 2000);
    const span = now - (this.answered[0] ?? now);
    const rate = span > 500 ? Math.round((this.answered.length - 1) / span * 1000) : 0;
    if (!rate || ['idle', 'failed'].includes(this.stage)) return;
    this.root.dataset.fps = rate;
    this.part('.fps').hidden = false;
    this.part('.fps').textContent = this.text('fps', { n: rate });
  }

  draw(news) {
    const { videoWidth, videoHeight } = this.video, { canvas } = this;
    if (!videoWidth) return;
    const box = canvas.getBoundingClientRect();
    Object.assign(canvas, { width: box.width, height: box.height });
    const pen = canvas.getContext('2d');
    if (!news.xy) return;
    const scale = Math.min(box.width / videoWidth, box.height / videoHeight);
    const [w, h] = [videoWidth * scale, videoHeight * scale];
    const [x0, y0] = [(box.width - w) / 2, (box.height - h) / 2];
    const at = ([x, y]) => [x0 + (1 - x) * w, y0 + y * h]; // mirrored, as in a mirror
    pen.lineCap = pen.lineJoin = 'round';
    for (const [a, b, colour] of this.data.bones) {
      for (const [style, width] of [['#0f1216', 6], [colour, 3.5]]) {
        pen.strokeStyle = style;
        pen.lineWidth = width;
        pen.beginPath();
        pen.moveTo(...at(news.xy[a]));
        pen.lineTo(...at(news.xy[b]));
        pen.stroke();
      }
    }
    if (this.stage !== 'recording' || !news.signal) return;
    const marks = (this.data.marks[news.signal] ?? this.data.marks.other).map((i) => news.xy[i]);
    const mean = [0, 1].map((k) => marks.reduce((sum, mark) => sum + mark[k], 0) / marks.length);
    const [x, y] = at(mean);
    pen.font = `700 ${Math.max(20, h / 14)}px sans-serif`;
    pen.lineWidth = 5;
    pen.strokeStyle = '#0f1216';
    pen.fillStyle = '#fff';
    const hip = at(news.xy[this.data.marks.other[0]])[0], wide = pen.measureText(figure(news)).width;
    const beside = x < hip ? x - wide - h / 25 : x + h / 25; // in front of a bent knee
    const left = Math.min(Math.max(beside, 6), box.width - wide - 6);
    pen.strokeText(figure(news), left, y);
    pen.fillText(figure(news), left, y);
  }

  // ---- countdown and recording

  count() {
    this.go('countdown');
    this.left = undefined;
    this.seen = performance.now();
    this.tick(0);
  }

  again() {
    this.good = undefined;
    this.go('framing', 'loading');
  }

  tick(waited) {
    const left = COUNT_FROM - Math.floor(waited);
    if (performance.now() - this.seen > LOST_S * 1000) { this.again(); return; }
    if (left <= 0) {
      this.beep(990, 0.35);
      this.told = 0;
      this.go('recording', 'hold_still', 'good');
      return;
    }
    if (left === this.left) return;
    this.left = left;
    this.part('.big').textContent = left;
    this.say('countdown', 'good', { n: left });
    this.beep(440, 0.12);
  }

  stop() {
    if (this.stage !== 'recording') return;
    this.go('saving', 'saving');
    this.beep(330, 0.5);
    this.socket.send(head(STOP, 0));
  }

  saved(news) {
    if (!news.enough) { this.fail(news.full ? 'not_saved' : 'too_short'); return; }
    this.attempt += 1; // the socket may close now
    this.socket.onclose = null;
    this.stream?.getTracks().forEach((track) => { track.onended = null; track.stop(); });
    clearInterval(this.timer);
    this.tell('recorded', news.saved);
  }

  beep(hertz, seconds) {
    if (this.sound?.state !== 'running') return;
    const tone = this.sound.createOscillator(), loud = this.sound.createGain();
    tone.frequency.value = hertz;
    loud.gain.value = 0.12;
    tone.connect(loud).connect(this.sound.destination);
    tone.start();
    tone.stop(this.sound.currentTime + seconds);
  }

  end() {
    this.off();
    this.sound?.close();
  }
}

function head(kind, seconds) {
  const view = new DataView(new ArrayBuffer(9));
  view.setUint8(0, kind);
  view.setFloat64(1, seconds, true);
  return view.buffer;
}

function figure(news) {
  const value = String(news.value).replace('-', '−');
  return news.unit === '°' ? `${value}°` : `${value} ${news.unit}`;
}

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector('.live');
  root.recorder ??= new Recorder(root, data);
  if (root.recorder.data.address !== data.address) root.recorder.off(); // another movement
  root.recorder.data = data; // of another movement, or in another language
  root.recorder.tellAll();
  root.recorder.tell = setTriggerValue;
  return () => root.recorder.end();
}
