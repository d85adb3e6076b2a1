export { customerAccount } from './customer-account';
export { order } from './order';
export { reminder } from './reminder';
export { shipment } from './shipment';
