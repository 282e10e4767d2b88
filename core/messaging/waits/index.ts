export { askAndWait, type AskInput, type AskResult } from './ask';
export { type WaitAnswer, type WaitOption } from './expectation';
export { type Asked } from './question';
export { resumeAnswered, type ResumeCall, type WaitsContext } from './resume';
export { takeResumption } from './take';
