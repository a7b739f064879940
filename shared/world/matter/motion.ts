/** Motion: what matter-js does not do for a body's speed - limits against going through walls, the speed of what is moved by hand. */
import Matter from "matter-js";
import { type BodyEntity, type MovedBody, movedAngle, movedPlace, tickMs } from "./body.ts";

/** Cuts the speed of a dynamic body so that it moves no farther in the next step than its size allows; says whether it had to. */
export function limitMotion(entity: BodyEntity, gravity: Matter.Vector): boolean {
  const body = entity.body as MovedBody;
  if (body.isStatic) return false;
  const limit = entity.maxSpeed;
  let isCut = false;
  if (body.speed > limit) {
    const factor = limit / body.speed;
    Matter.Body.setVelocity(body, { x: body.velocity.x * factor, y: body.velocity.y * factor });
    isCut = true;
  }
  if (body.angularSpeed > entity.maxSpin) {
    setTurnSpeed(entity, Math.sign(body.angularVelocity) * entity.maxSpin);
    isCut = true;
  }
  const { force } = body;
  const perForce = (tickMs * tickMs) / body.mass;
  const ax = force.x * perForce + gravity.x;
  const ay = force.y * perForce + gravity.y;
  if (ax !== 0 || ay !== 0) {
    // The speed it will have in the step; what is too much of it is taken off by a force against it.
    const left = 1 - body.frictionAir;
    const vx = (body.position.x - body.positionPrev.x) * left + ax;
    const vy = (body.position.y - body.positionPrev.y) * left + ay;
    const speed = Math.sqrt(vx * vx + vy * vy);
    if (speed > limit) {
      const excess = limit / speed - 1;
      force.x += (vx * excess) / perForce;
      force.y += (vy * excess) / perForce;
      isCut = true;
    }
  }
  return limitTorque(entity, body) || isCut;
}

function limitTorque({ maxSpin }: BodyEntity, body: MovedBody): boolean {
  if (body.torque === 0) return false;
  const perTorque = (tickMs * tickMs) / body.inertia;
  const spin = (body.angle - body.anglePrev) * (1 - body.frictionAir) + body.torque * perTorque;
  if (Math.abs(spin) <= maxSpin) return false;
  body.torque += (Math.sign(spin) * maxSpin - spin) / perTorque;
  return true;
}

/** Turns a body; what is kinematic takes the turn as its speed. */
export function setTurn({ body, motion }: BodyEntity, angle: number): void {
  // The typings miss the third parameter, which makes the turn count as speed (matter-js 0.20, Body.setAngle).
  const turn = Matter.Body.setAngle as (body: Matter.Body, angle: number, updateVelocity: boolean) => void;
  turn(body, angle, motion === "kinematic");
}

export function setTurnSpeed({ body }: BodyEntity, radiansPerTick: number): void {
  Matter.Body.setAngularVelocity(body, radiansPerTick);
}

/** After a step: a kinematic body that was moved by hand stands still until it is moved again. */
export function restAfterMove(entity: BodyEntity): void {
  const body = entity.body as MovedBody;
  if (entity.moved & movedPlace) Matter.Body.setVelocity(body, { x: 0, y: 0 });
  if (entity.moved & movedAngle) setTurnSpeed(entity, 0);
  entity.moved = 0;
}
